using Npgsql;
using static Ledger.Projections.Writing.Parameters;

namespace Ledger.Projections.Items;

/// <summary>Keeps <c>pending</c>, the queue of each system, and the counts per system.</summary>
internal static class QueueWrites
{
    /// <summary>
    /// Held, shared, by every transaction that writes records or items of a tenant; taken alone by the one that makes a new
    /// system known or fills its queue. Whoever fills a queue has thus seen everything that was in flight.
    /// </summary>
    public const string HoldTenant = "select pg_advisory_xact_lock_shared(hashtextextended('ledger.queue/' || $1, 0))";

    // The slot is the session's: two sessions rarely share one. Systems in order, for those that do.
    internal const string AddCounts = """
        insert into ledger.system_counts (tenant_id, system_id, slot, offered, exported, failed)
        select $1, c.system_id, pg_backend_pid() % 32, c.offered, c.exported, c.failed from counted c order by c.system_id
        on conflict (tenant_id, system_id, slot) do update
           set offered = system_counts.offered + excluded.offered, exported = system_counts.exported + excluded.exported, failed = system_counts.failed + excluded.failed
        """;

    private const string Move = $"""
        with gone as (
          delete from ledger.pending p using unnest($2::varchar[], $3::bigint[]) as u (system_id, number)
           where p.tenant_id = $1 and p.system_id = u.system_id and p.number = u.number
          returning p.system_id, p.ready_since),
        back as (
          insert into ledger.pending (tenant_id, system_id, number, record_id, ready_since, touched)
          select $1, u.system_id, u.number, u.record_id, ledger.at_commit(u.ready_since), true
            from unnest($4::varchar[], $5::bigint[], $6::varchar[], $7::timestamptz[]) as u (system_id, number, record_id, ready_since)
          on conflict do nothing returning system_id, ready_since),
        counted as (
          select d.system_id, sum(d.offered) as offered, sum(d.exported) as exported, sum(d.failed) as failed
            from (select g.system_id, -1 as offered, 0 as exported, 0 as failed from gone g where g.ready_since is not null
                  union all select b.system_id, 1, 0, 0 from back b where b.ready_since is not null
                  union all select s.system_id, 0, s.exported, s.failed from unnest($8::varchar[], $9::int[], $10::int[]) as s (system_id, exported, failed)) d
           group by d.system_id)
        {AddCounts}
        """;

    private const string Touch = """
        update ledger.pending p set touched = true from unnest($2::varchar[], $3::bigint[]) as u (system_id, number)
         where p.tenant_id = $1 and p.system_id = u.system_id and p.number = u.number
        """;

    public static void AddTo(NpgsqlBatch batch, string tenantId, IReadOnlyList<ItemChange> changes)
    {
        var touched = changes.Where(change => change.Before.Version == 0 && !change.After.IsExported).ToList();
        if (touched.Count > 0) batch.BatchCommands.Add(new(Touch) { Parameters = { Text(tenantId), Texts(touched, row => row.System.Value), Longs(touched, row => row.Number) } });
        var exported = changes.Where(change => !change.Before.IsExported && change.After.IsExported).ToList();
        var reopened = changes.Where(change => change.Before.IsExported && !change.After.IsExported).ToList();
        var systems = changes.GroupBy(change => change.System.Value, StringComparer.Ordinal).Select(group => (
            System: group.Key,
            Exported: group.Sum(change => Difference(change.Before.IsExported, change.After.IsExported)),
            Failed: group.Sum(change => Difference(change.Before.IsFailed, change.After.IsFailed)))).ToList();
        if (systems.TrueForAll(system => system is { Exported: 0, Failed: 0 }) && exported.Count + reopened.Count == 0) return;
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Move)
        {
            Parameters =
            {
                Text(tenantId), Texts(exported, row => row.System.Value), Longs(exported, row => row.Number),
                Texts(reopened, row => row.System.Value), Longs(reopened, row => row.Number), Texts(reopened, row => row.RecordId.Value), Times(reopened, row => row.ReadySince),
                Texts(systems, row => row.System), Ints(systems, row => row.Exported), Ints(systems, row => row.Failed),
            },
        });
    }

    private static int Difference(bool before, bool after) => (after ? 1 : 0) - (before ? 1 : 0);
}
