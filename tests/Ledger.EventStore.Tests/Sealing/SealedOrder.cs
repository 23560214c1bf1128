using Ledger.EventStore.Sealing;

namespace Ledger.EventStore.Tests.Sealing;

/// <summary>What the two dense numbers promise, asked of the tables themselves.</summary>
internal static class SealedOrder
{
    private static readonly (string Promise, string Violations)[] Promises =
    [
        ("every committed event is sealed", "select e.seq_id from ledger.mt_events e left join ledger.event_positions p using (seq_id) where p.seq_id is null"),
        ("every number belongs to an event of its tenant", "select p.seq_id from ledger.event_positions p left join ledger.mt_events e using (seq_id) where e.tenant_id is distinct from p.tenant_id"),
        ("the ledger's sequence is 1, 2, 3 ...", "select n from (select sequence, row_number() over (order by sequence) as n from ledger.event_positions) p where n <> sequence"),
        ("each tenant's position is 1, 2, 3 ...",
            "select n from (select position, row_number() over (partition by tenant_id order by sequence) as n from ledger.event_positions) p where n <> position"),
        ("the versions of a stream are sealed in their order", """
            select seq_id from (select e.seq_id, e.version, row_number() over (partition by e.tenant_id, e.stream_id order by p.sequence) as n
                                  from ledger.mt_events e join ledger.event_positions p using (seq_id)) o where n <> version
            """),
        ("the sealer remembers the last sequence", "select sequence from ledger.sealer where sequence <> (select count(*) from ledger.event_positions)"),
        ("each tenant's head is its last position", """
            select 1 from ledger.tenant_heads h full join (select tenant_id, max(position) as position from ledger.event_positions group by tenant_id) m using (tenant_id)
             where h.position is distinct from m.position
            """),
        ("nothing at or below the settled floor is unsealed",
            "select e.seq_id from ledger.mt_events e join ledger.sealer s on e.seq_id <= s.settled_seq_id where not exists (select 1 from ledger.event_positions p where p.seq_id = e.seq_id)"),
    ];

    /// <returns>How many events are sealed.</returns>
    public static async Task<long> ShouldBeSealedCompletelyAsync(this LedgerDatabase ledger)
    {
        foreach (var (promise, violations) in Promises)
            (await ledger.ScalarAsync<long>($"select count(*) from ({violations}) v")).ShouldBe(0, promise);
        return await ledger.ScalarAsync<long>("select count(*) from ledger.event_positions");
    }

    /// <summary>The versions of a stream in the order of their positions.</summary>
    public static async Task<List<long>> SealedVersionsAsync(this LedgerDatabase ledger, string tenant, string stream) =>
        [.. (await ledger.Store.ReadFeedAsync(tenant, 0, int.MaxValue, TestContext.Current.CancellationToken)).Where(read => read.StreamId == stream).Select(read => read.Version)];

    public static Task<long> SettledAsync(this LedgerDatabase ledger) => ledger.ScalarAsync<long>("select settled_seq_id from ledger.sealer");

    public static Task<Sealer> LeadAsync(this LedgerDatabase ledger) => Sealer.LeadAsync(ledger.DataSource, TestContext.Current.CancellationToken);

    public static async Task<int> SealAllAsync(this Sealer sealer, int limit = 5_000)
    {
        var total = 0;
        for (int batch; (batch = await sealer.SealAsync(limit, TestContext.Current.CancellationToken)) > 0;) total += batch;
        return total;
    }
}
