using System.Collections.Concurrent;
using Ledger.Projections.Webhooks;

namespace Ledger.Api.Webhooks.Delivery;

/// <summary>
/// Sends what is due, many at a time, and notes how it went. Each subscription and each tenant has a few places of its own,
/// so a receiver that answers slowly holds up nobody but itself. Only the elected runner calls it.
/// </summary>
internal sealed partial class DeliveryLoop(WebhookDeliveries deliveries, WebhookSecrets secrets, WebhookSender sender, WebhookClock clock, ILogger<DeliveryLoop> logger) : IDisposable
{
    private const int PerSubscription = 2;
    private const int PerTenant = 8;
    private const int AtOnce = 64;

    /// <summary>How late a retry may be. New deliveries wake the loop.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>An attempt whose outcome could not be noted is not repeated at once: the receiver had it.</summary>
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Forgetting = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _wake = new(0, 1);

    public void Wake()
    {
        try
        {
            if (_wake.CurrentCount == 0) _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Woken twice at the same moment: once is enough.
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var running = new ConcurrentDictionary<DueDelivery, Task>();
        var forget = DateTimeOffset.MinValue;
        try
        {
            while (true)
            {
                StartDue(await deliveries.DueAsync(clock.Now, PerSubscription, cancellationToken), running, cancellationToken);
                if (clock.Now >= forget)
                {
                    while (await deliveries.ForgetAsync(clock.Now, cancellationToken) > 0) { }
                    forget = clock.Now + Forgetting;
                }
                await _wake.WaitAsync(PollInterval, cancellationToken);
            }
        }
        finally
        {
            // Whatever is on its way when the leadership ends is noted by nobody, and sent again under the same id.
            await Task.WhenAll(running.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => _wake.Dispose();

    private void StartDue(List<DueDelivery> due, ConcurrentDictionary<DueDelivery, Task> running, CancellationToken cancellationToken)
    {
        var bySubscription = running.Keys.CountBy(delivery => (delivery.TenantId, delivery.SubscriptionId)).ToDictionary();
        var byTenant = running.Keys.CountBy(delivery => delivery.TenantId).ToDictionary();
        foreach (var delivery in due)
        {
            if (running.Count >= AtOnce) return;
            var subscription = (delivery.TenantId, delivery.SubscriptionId);
            if (running.ContainsKey(delivery) || bySubscription.GetValueOrDefault(subscription) >= PerSubscription || byTenant.GetValueOrDefault(delivery.TenantId) >= PerTenant) continue;
            bySubscription[subscription] = bySubscription.GetValueOrDefault(subscription) + 1;
            byTenant[delivery.TenantId] = byTenant.GetValueOrDefault(delivery.TenantId) + 1;
            var start = new TaskCompletionSource();
            running[delivery] = RunOneAsync(delivery, running, start.Task, cancellationToken);
            start.SetResult();
        }
    }

    private async Task RunOneAsync(DueDelivery due, ConcurrentDictionary<DueDelivery, Task> running, Task started, CancellationToken cancellationToken)
    {
        await started;
        await Task.Yield();
        try
        {
            await SendAsync(due, cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(error, due.Id);
            await Task.Delay(AfterFailure, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The leadership has ended.
        }
        finally
        {
            running.TryRemove(due, out _);
            Wake();
        }
    }

    private async Task SendAsync(DueDelivery due, CancellationToken cancellationToken)
    {
        if (await deliveries.LoadAsync(due, cancellationToken) is not { } delivery) return;
        var now = clock.Now;
        var keys = await secrets.LiveAsync(delivery.TenantId, delivery.ClientId, now, cancellationToken);
        var result = await sender.SendAsync(delivery.Url, delivery.Id, delivery.Body, [.. keys.Select(key => key.Secret)], now, cancellationToken);
        var attempt = new WebhookAttempt(delivery.Attempts + 1, now, result.DurationMs, result.StatusCode, result.Error);
        // Waits count from the end of the attempt: a receiver that hangs gets its pause, too.
        await deliveries.RecordAsync(delivery, attempt, RetrySchedule.After(delivery.Round, result.StatusCode, result.Error is null, clock.Now), cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Noting the outcome of webhook delivery {DeliveryId} failed; it will be sent again")]
    private partial void LogFailed(Exception error, string deliveryId);
}
