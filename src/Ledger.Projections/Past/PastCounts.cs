using Ledger.Domain;
using Ledger.Projections.Systems;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Past;

/// <summary>
/// Answers how much waited in each system at a position: the counts of now, less what changed since. The cost is that of the records and items changed since the position
/// (about 25 µs each on two busy cores), read and folded some hundred at a time; nothing is kept.
/// </summary>
public sealed class PastCounts(NpgsqlDataSource dataSource)
{
    private const int Chunk = 500;

    private const string CountedNow = """
        select c.system_id, sum(c.offered)::bigint, sum(c.exported)::bigint, sum(c.failed)::bigint from ledger.system_counts c where c.tenant_id = $1 group by c.system_id
        """;

    // While a system's queue is being filled, its count of offered records is not complete.
    private const string OfferedNow = """
        select count(*) from (select record_id from ledger.records where tenant_id = $1 and ready_since is not null order by number offset 0) r
         where not exists (select 1 from ledger.items i where i.tenant_id = $1 and i.system_id = $2 and i.record_id = r.record_id and i.exported_since is not null)
        """;

    private const string OldestUnchanged = """
        select q.ready_since
          from (select ready_since, record_id from ledger.pending where tenant_id = $1 and system_id = $2 and ready_since < $3 order by ready_since offset 0) q
         cross join lateral (select changed_at from ledger.records where tenant_id = $1 and record_id = q.record_id offset 0) r
          left join lateral (select changed_at from ledger.items where tenant_id = $1 and system_id = $2 and record_id = q.record_id offset 0) i on true
         where r.changed_at < $3 and (i.changed_at is null or i.changed_at < $3) order by q.ready_since limit 1
        """;

    private const string OldestUnchangedRecord = """
        select min(r.ready_since) from (select ready_since, record_id from ledger.records where tenant_id = $1 and ready_since is not null and changed_at < $3 order by number offset 0) r
          left join lateral (select changed_at, exported_since from ledger.items where tenant_id = $1 and system_id = $2 and record_id = r.record_id offset 0) i on true
         where i.changed_at is null or (i.changed_at < $3 and i.exported_since is null) having count(*) > 0
        """;

    private const string ChangedRecords = "select record_id, registered_at <= $3, ready_since is not null from ledger.records where tenant_id = $1 and changed_at >= $2";

    private const string ItemsOfRecords = """
        select i.system_id, i.record_id, i.exported_since is not null, i.exported_since is null and i.failure_at is not null
          from unnest($2::varchar[]) as s (id) cross join unnest($3::varchar[]) as r (id)
         cross join lateral (select * from ledger.items where tenant_id = $1 and system_id = s.id and record_id = r.id offset 0) i
        """;

    // Of records that have not changed themselves: the others have been counted with them.
    private const string ChangedItems = """
        select i.record_id, i.exported_since is not null, i.exported_since is null and i.failure_at is not null, r.ready_since
          from (select * from ledger.items where tenant_id = $1 and system_id = $3 and changed_at >= $2 offset 0) i
         cross join lateral (select ready_since, changed_at from ledger.records where tenant_id = $1 and record_id = i.record_id offset 0) r
         where r.changed_at < $2
        """;

    private sealed record Standing(RecordId Record, bool WasRegistered, bool IsReady);

    private sealed record Item(SystemId System, RecordId Record, bool Exported, bool Failed);

    private sealed record ChangedItem(RecordId Record, bool Exported, bool Failed, DateTimeOffset? ReadySince);

    /// <summary>The systems in which something had happened, by id.</summary>
    public async Task<List<SystemSummary>> ListAsync(string tenantId, long position, CancellationToken cancellationToken)
    {
        await PastSystems.LookAsync(dataSource, tenantId, position, cancellationToken);
        await using var snapshot = await PastSnapshot.OpenAsync(dataSource, tenantId, position, cancellationToken);
        var systems = (await PastSystems.KnownAsync(snapshot, cancellationToken)).ConvertAll(system => new SystemTally(system));
        if (systems.Count == 0) return [];
        var counted = await snapshot.ListAsync(CountedNow, row => (System: row.GetString(0), Offered: row.GetInt64(1), Exported: row.GetInt64(2), Failed: row.GetInt64(3)), cancellationToken);
        foreach (var tally in systems)
        {
            var now = counted.Find(count => count.System == tally.Id.Value);
            var offered = tally.System.IsFilled ? now.Offered : (await snapshot.ListAsync(OfferedNow, row => row.GetInt64(0), cancellationToken, Text(tally.Id.Value)))[0];
            tally.Start(offered, now.Exported, now.Failed);
            var oldest = await snapshot.ListAsync(tally.System.IsFilled ? OldestUnchanged : OldestUnchangedRecord, row => row.GetFieldValue<DateTimeOffset>(0), cancellationToken,
                Text(tally.Id.Value), PastSnapshot.Time(snapshot.ChangedFrom));
            if (oldest.Count > 0) tally.Waits(oldest[0]);
        }
        await UndoRecordsAsync(snapshot, systems, cancellationToken);
        foreach (var tally in systems) await UndoItemsAsync(snapshot, tally, cancellationToken);
        return systems.ConvertAll(tally => tally.Summary);
    }

    private static async Task UndoRecordsAsync(PastSnapshot snapshot, List<SystemTally> systems, CancellationToken cancellationToken)
    {
        var chunks = snapshot.ChunksAsync("changed_records", Chunk, ChangedRecords, row => new Standing(new(row.GetString(0)), row.GetBoolean(1), row.GetBoolean(2)),
            [PastSnapshot.Time(snapshot.ChangedFrom), PastSnapshot.Time(snapshot.Latest)], cancellationToken);
        await foreach (var records in chunks)
        {
            var items = (await snapshot.ListAsync(ItemsOfRecords, row => new Item(new(row.GetString(0)), new(row.GetString(1)), row.GetBoolean(2), row.GetBoolean(3)), cancellationToken,
                Texts(systems.Select(tally => tally.Id.Value)), Texts(records.Select(record => record.Record.Value)))).ToDictionary(item => (item.System, item.Record));
            var registered = records.Where(record => record.WasRegistered).Select(record => record.Record).ToHashSet();
            var events = await snapshot.EventsAsync(registered.Select(StreamIds.Of).Concat(items.Keys.Where(key => registered.Contains(key.Record)).Select(key => StreamIds.Of(key.System, key.Record))), cancellationToken);
            foreach (var record in records)
            {
                var then = PastFold.Record(events.GetValueOrDefault(StreamIds.Of(record.Record)), snapshot.Position);
                foreach (var tally in systems)
                {
                    var now = items.GetValueOrDefault((tally.Id, record.Record));
                    tally.Undo(record.IsReady, now?.Exported ?? false, now?.Failed ?? false);
                    tally.Add(then.ReadySince, PastFold.Item(now is null ? null : events.GetValueOrDefault(StreamIds.Of(tally.Id, record.Record)), snapshot.Position));
                }
            }
        }
    }

    private static async Task UndoItemsAsync(PastSnapshot snapshot, SystemTally tally, CancellationToken cancellationToken)
    {
        var chunks = snapshot.ChunksAsync("changed_items", Chunk, ChangedItems, row => new ChangedItem(new(row.GetString(0)), row.GetBoolean(1), row.GetBoolean(2), row.Time(3)),
            [PastSnapshot.Time(snapshot.ChangedFrom), Text(tally.Id.Value)], cancellationToken);
        await foreach (var items in chunks)
        {
            var events = await snapshot.EventsAsync(items.Select(item => StreamIds.Of(tally.Id, item.Record)), cancellationToken);
            foreach (var item in items)
            {
                tally.Undo(item.ReadySince is not null, item.Exported, item.Failed);
                tally.Add(item.ReadySince, PastFold.Item(events.GetValueOrDefault(StreamIds.Of(tally.Id, item.Record)), snapshot.Position));
            }
        }
    }

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value };

    private static NpgsqlParameter<string[]> Texts(IEnumerable<string> values) => new() { TypedValue = [.. values], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar };
}
