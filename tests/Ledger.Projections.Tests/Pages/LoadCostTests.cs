using Ledger.Domain;
using Ledger.Projections.Items;
using Ledger.Projections.Records;

namespace Ledger.Projections.Tests.Pages;

/// <summary>What loading a hundred records for a command costs, in blocks touched, when the statistics are older than the system or the tenant.</summary>
[Collection(nameof(ManyRecords))]
public sealed class LoadCostTests(ManyRecords ledger)
{
    private const long Bound = 1_200;
    private static readonly RecordId[] Wanted = [.. Enumerable.Range(5_000, 100).Select(number => new RecordId(number.ToString(System.Globalization.CultureInfo.InvariantCulture)))];
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task States_in_a_system_that_the_statistics_know_nothing_of()
    {
        await ledger.RunAsync($"""
            analyze ledger.attempts;   -- the service does so by itself; it is the items that nobody has looked at
            insert into ledger.items (tenant_id, system_id, record_id, number, version, exported_since, last_exported_at, changed_at)
            select '{ManyRecords.Tenant}', 'new', n::text, n, 1, now(), now(), now() from generate_series(1, 20000) n
            """);

        var (loaded, blocks) = await WarmAsync(() => new ItemStates(ledger.DataSource).LoadAsync(ManyRecords.Tenant, new SystemId("new"), Wanted, Cancellation));

        loaded.Values.Count(snapshot => snapshot.Item.ExportedSince is not null).ShouldBe(Wanted.Length);
        blocks.ShouldBeInRange(1, Bound);
    }

    [Fact]
    public async Task Records_of_a_tenant_that_the_statistics_know_nothing_of()
    {
        const string newcomer = "0198c0de-0000-7000-8000-00000000000f";
        await ledger.RunAsync($"""
            insert into ledger.records
            select copy.* from ledger.records r cross join lateral jsonb_populate_record(r, jsonb_build_object('tenant_id', '{newcomer}')) copy
             where r.tenant_id = '{ManyRecords.Tenant}' and r.number <= 20000
            """);

        var (loaded, blocks) = await WarmAsync(() => new RecordStates(ledger.DataSource).LoadAsync(newcomer, Wanted, Cancellation));

        loaded.Count.ShouldBe(Wanted.Length);
        blocks.ShouldBeInRange(1, Bound);

        // Pages are measured at one size of the hash index, whichever test runs first.
        await ledger.RunAsync($"delete from ledger.records where tenant_id = '{newcomer}'");
        await ledger.RunAsync("vacuum ledger.records");
    }

    // Plans and catalogs are in hand after the first time, as they are in a service that runs.
    private async Task<(T Answer, long Blocks)> WarmAsync<T>(Func<Task<T>> load)
    {
        await load();
        return await ledger.CountAsync(load);
    }
}
