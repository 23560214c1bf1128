using Ledger.Api.Tests.Hosting;
using Ledger.Api.Webhooks.Delivery;
using Ledger.Projections.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Ledger.Api.Tests.Webhooks;

public sealed class KilledRunnerTests
{
    [Fact]
    public async Task What_was_sent_and_not_noted_is_sent_again_under_the_same_id()
    {
        await using var own = LedgerHost.WithClock(new ManualClock(DateTimeOffset.UtcNow));
        await using var receiver = await Receiver.StartAsync();
        var services = await own.ServicesAsync();
        var dataSource = services.GetRequiredService<NpgsqlDataSource>();
        await using var connection = await dataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);
        NpgsqlTransaction? hold = null;
        var answered = new TaskCompletionSource();
        receiver.Answer = async (received, context) =>
        {
            if (hold is not null) return;
            // Whoever wants to note the outcome waits for this row.
            hold = await connection.BeginTransactionAsync();
            await using var command = new NpgsqlCommand("select from ledger.webhook_deliveries where delivery_id = $1 for update", connection, hold) { Parameters = { new() { Value = received.Id } } };
            await command.ExecuteNonQueryAsync();
            await context.Response.CompleteAsync();
            answered.TrySetResult();
        };
        var tenant = await own.NewTenantAsync();
        await tenant.ConnectAsync(own);
        var id = await tenant.Http.SubscribeAsync(receiver.Url);
        await tenant.RegisterAsync(ARecord.Named("a"));

        await answered.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        var runner = services.GetServices<IHostedService>().OfType<WebhookRunner>().Single();
        await runner.StopAsync(TestContext.Current.CancellationToken);
        await hold!.RollbackAsync(TestContext.Current.CancellationToken);
        (await tenant.Http.DeliveriesAsync(id, log => log.Count == 1))[0].GetProperty("attempt_count").GetInt32().ShouldBe(0);

        using var successor = ActivatorUtilities.CreateInstance<WebhookRunner>(services);
        await successor.StartAsync(TestContext.Current.CancellationToken);

        (await receiver.TakeAsync(2)).Select(delivery => (delivery.Id, delivery.Body)).Distinct().ShouldHaveSingleItem();
        await tenant.Http.DeliveriesAsync(id, log => log[0].Text("status") == "delivered" && log[0].GetProperty("attempt_count").GetInt32() == 1);
        await successor.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_runner_that_lost_its_leadership_announces_nothing()
    {
        await using var own = LedgerHost.WithClock(new ManualClock(DateTimeOffset.UtcNow));
        var services = await own.ServicesAsync();
        await services.GetServices<IHostedService>().OfType<WebhookRunner>().Single().StopAsync(TestContext.Current.CancellationToken);
        var (outbox, announcer) = (services.GetRequiredService<WebhookOutbox>(), services.GetRequiredService<Announcer>());
        var tenant = await own.NewTenantAsync();
        await tenant.ConnectAsync(own);
        var id = await tenant.Http.SubscribeAsync("http://127.0.0.1:9/hooks");
        await tenant.RegisterAsync(ARecord.Named("a"));
        await tenant.SealedAsync();

        var first = await outbox.LeadAsync(TestContext.Current.CancellationToken);
        var page = (await outbox.ReadAsync(first, TestContext.Current.CancellationToken))!;
        var second = await outbox.LeadAsync(TestContext.Current.CancellationToken);

        await Should.ThrowAsync<WebhookRunnerFencedException>(() => outbox.CommitAsync(first, page.Through, [new(tenant.Id, id, "x", [1])], DateTimeOffset.UtcNow, TestContext.Current.CancellationToken));
        await Should.ThrowAsync<WebhookRunnerFencedException>(() => announcer.AdvanceAsync(first, TestContext.Current.CancellationToken));
        (await announcer.AdvanceAsync(second, TestContext.Current.CancellationToken)).ShouldBe(1);
        (await announcer.AdvanceAsync(second, TestContext.Current.CancellationToken)).ShouldBeNull();
        (await tenant.Http.DeliveriesAsync(id, _ => true)).Count.ShouldBe(1);
    }
}
