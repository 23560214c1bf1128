namespace Ledger.EventStore.Tests.Log;

/// <summary>What COPY sends comes in pieces of any size, and names tenants in its text.</summary>
public sealed class WaitingRowsTests
{
    [Fact]
    public async Task Bodies_of_any_size_and_tenants_of_any_name_become_leaves()
    {
        await using var log = await LogUnderTest.CreateAsync();
        var builder = await log.LeadAsync();
        string[] tenants = ["o'neil", @"back\slash", @"both\'of them", "Ünï ‹日本›", "); drop table ledger.mt_events; --"];
        foreach (var tenant in tenants)
        {
            var dice = new Random(tenant.Length);
            // Around the size of the buffer and several times that, small ones between.
            StreamAppend[] streams = [.. Enumerable.Range(0, 40).Select(number => new StreamAppend($"item/{number}/'ö", "item", 0,
                [Sample.Event($$"""{"text": "{{new string('x', number % 4 == 3 ? dice.Next(60_000, 300_000) : dice.Next(0, 900))}}"}""", "type_'ö")]))];
            await log.Ledger.Store.MustAppendAsync(tenant, streams);
        }
        await log.SealedAsync(LedgerDatabase.NewTenant(), 3);

        (await builder.FlushAllAsync()).ShouldBe(tenants.Length * 40 + 3);

        foreach (var tenant in tenants) await log.ShouldProveAsync(tenant, 40);
    }

    [Theory]
    [InlineData("update ledger.mt_events set stream_id = null", "its stream is gone")]
    [InlineData("""update ledger.mt_events set "timestamp" = 'infinity'""", "its recorded time has no text")]
    public async Task What_cannot_be_a_leaf_stops_its_own_tenant_and_no_other(string damage, string reason)
    {
        await using var log = await LogUnderTest.CreateAsync();
        var (tenant, other) = (LedgerDatabase.NewTenant(), LedgerDatabase.NewTenant());
        var builder = await log.LeadAsync();
        await log.SealedAsync(tenant, 5);
        await log.SealedAsync(other, 5);
        await log.Ledger.ExecuteAsync($"{damage} where seq_id = (select seq_id from ledger.event_positions where tenant_id = '{tenant}' and position = 3)");

        var flush = await builder.FlushAsync(cancellationToken: TestContext.Current.CancellationToken);

        (flush.Broken.ShouldHaveSingleItem().Position, flush.Broken[0].Reason, flush.Leaves).ShouldBe((3, reason, 7));
        await log.ShouldProveAsync(other, 5);
    }
}
