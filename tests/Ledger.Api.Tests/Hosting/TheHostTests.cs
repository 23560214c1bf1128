using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Api.Tests.Hosting;

public sealed class TheHostTests(LedgerHost host)
{
    [Fact]
    public async Task Is_live_and_ready()
    {
        var client = await host.AnonymousAsync();

        (await client.GetAsync("/health/live", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.GetAsync("/health/ready", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Gives_each_test_a_tenant_of_its_own()
    {
        var (one, other) = (await host.NewTenantAsync(), await host.NewTenantAsync());

        await one.RegisterAsync(ARecord.Many(3));
        await one.SealedAsync();

        (await one.CountEventsAsync()).ShouldBe(3);
        (await other.CountEventsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Records_the_time_of_a_clock_it_was_given()
    {
        var noon = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        await using var own = LedgerHost.WithClock(new ManualClock(noon));
        var tenant = await own.NewTenantAsync();

        await tenant.RegisterAsync(ARecord.Named("a"));

        var store = (await own.ServicesAsync()).GetRequiredService<EventStore.EventStore>();
        (await store.ReadStreamAsync(tenant.Id, "record/a", cancellationToken: TestContext.Current.CancellationToken)).ShouldHaveSingleItem().RecordedAt.ShouldBe(noon);
    }
}
