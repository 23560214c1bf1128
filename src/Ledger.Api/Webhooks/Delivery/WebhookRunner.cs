using Ledger.Projections.Webhooks;
using Npgsql;

namespace Ledger.Api.Webhooks.Delivery;

/// <summary>
/// Runs in every process; PostgreSQL's advisory lock elects one, which announces and sends. The lock only spares the others
/// useless work: what keeps two announcers apart is the epoch, checked in every transaction.
/// </summary>
internal sealed partial class WebhookRunner(NpgsqlDataSource dataSource, WebhookOutbox outbox, Announcer announcer, DeliveryLoop deliveries, ILogger<WebhookRunner> logger) : BackgroundService
{
    private const long LeaderLock = 0x6C65_6467_6572_0003;

    /// <summary>The sealer notifies. Should a notification be lost, this is how late its events are announced.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ElectionInterval = TimeSpan.FromSeconds(1);

    /// <summary>Gathers what is sealed in quick succession: under load the sealer notifies twenty times a second.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(50);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LeadAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is NpgsqlException or WebhookRunnerFencedException or TimeoutException or InvalidOperationException or System.Text.Json.JsonException)
            {
                LogStopped(error);
            }
            await Task.Delay(ElectionInterval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LeadAsync(CancellationToken cancellationToken)
    {
        await using var office = await dataSource.OpenConnectionAsync(cancellationToken);
        if (!await TryLockAsync(office, cancellationToken)) return;
        using var term = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var epoch = await outbox.LeadAsync(cancellationToken);
            Task[] work = [AnnounceAsync(office, epoch, term.Token), deliveries.RunAsync(term.Token)];
            var first = await Task.WhenAny(work);
            await term.CancelAsync();
            await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await first;
        }
        finally
        {
            // The pool keeps the session, and with it its lock and its subscription: give them back by hand, or drop the session.
            if (office.State == System.Data.ConnectionState.Open) await UnlockAsync(office);
        }
    }

    private async Task AnnounceAsync(NpgsqlConnection office, long epoch, CancellationToken cancellationToken)
    {
        await using (var listen = new NpgsqlCommand("listen ledger_sealed", office)) await listen.ExecuteNonQueryAsync(cancellationToken);
        while (true)
        {
            while (await announcer.AdvanceAsync(epoch, cancellationToken) is { } called)
            {
                if (called > 0) deliveries.Wake();
            }
            await office.WaitAsync(PollInterval, cancellationToken);
            await Task.Delay(Gathering, cancellationToken);
        }
    }

    private static async Task<bool> TryLockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"select pg_try_advisory_lock({LeaderLock})", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static async Task UnlockAsync(NpgsqlConnection connection)
    {
        try
        {
            await using var command = new NpgsqlCommand($"unlisten ledger_sealed; select pg_advisory_unlock({LeaderLock})", connection);
            await command.ExecuteNonQueryAsync();
        }
        catch (NpgsqlException)
        {
            NpgsqlConnection.ClearPool(connection);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Announcing webhooks stopped and will be tried again")]
    private partial void LogStopped(Exception error);
}
