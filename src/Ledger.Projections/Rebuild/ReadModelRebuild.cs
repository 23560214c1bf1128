using System.Data;
using Npgsql;

namespace Ledger.Projections.Rebuild;

/// <summary>How one read model compares with the replay of the events.</summary>
/// <param name="Missing">Rows the replay has and the read model has not (a differing row counts here and in <paramref name="Unexpected"/>).</param>
/// <param name="Examples">The first few of the differing rows of either kind.</param>
public sealed record ReadModelComparison(string Name, long Rows, long Missing, long Unexpected, IReadOnlyList<DifferingRow> Examples)
{
    public bool IsEqual => Missing == 0 && Unexpected == 0;
}

/// <param name="Replaced">The read models were made equal to the replay; rows that were so already were left alone.</param>
public sealed record RebuildReport(long Events, IReadOnlyList<ReadModelComparison> ReadModels, bool Replaced)
{
    public bool IsEqual => ReadModels.All(model => model.IsEqual);
}

/// <summary>
/// Replays every event into fresh tables and compares them, row by row, with the read models kept inline. The service works on meanwhile; only
/// when a read model differs and is to be replaced do appends wait, while the streams that have moved since are folded again and the rows swapped.
/// </summary>
public sealed class ReadModelRebuild(NpgsqlDataSource dataSource)
{
    /// <summary>What can be rebuilt. Counts per system are compared by their sums: how they are spread over slots says nothing. Blocks of numbers hold upper bounds: one is equal when it is high enough.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ReadModelTable.All.Select(table => table.Name)];

    /// <param name="replace">Puts the replayed rows in the place of those that differ. Without it the comparison speaks for one instant.</param>
    public async Task<RebuildReport> RunAsync(bool replace, IReadOnlyCollection<string>? only = null, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        var chosen = ReadModelTable.All.Where(table => only?.Contains(table.Name) ?? true).ToList();
        await using var tables = await dataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            using var replay = new ReadModelReplay(tables, progress);
            var (events, settled, comparisons) = await ReplayAllAsync(tables, replay, chosen, cancellationToken);
            if (replace && comparisons.Exists(comparison => !comparison.IsEqual)) await SwapAsync(tables, replay, chosen, settled, cancellationToken);
            return new(events, comparisons, replace);
        }
        finally
        {
            // The pool keeps the session, and with it what belongs to a session: the tables must not.
            NpgsqlConnection.ClearPool(tables);
        }
    }

    /// <summary>Of the events' table, as little as an event takes: a guess that is too high only makes smaller files.</summary>
    private const int BytesPerEvent = 250;

    // Two sessions see the same instant: one streams the events, the other writes and compares.
    private async Task<(long Events, long Settled, List<ReadModelComparison> Comparisons)> ReplayAllAsync(
        NpgsqlConnection tables, ReadModelReplay replay, List<ReadModelTable> chosen, CancellationToken cancellationToken)
    {
        await using var transaction = await tables.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await ExecuteAsync(tables, Patience + ForScans + CreateTables, cancellationToken);
        var snapshot = (string)(await ScalarAsync(tables, "select pg_export_snapshot()", cancellationToken))!;
        // Every event up to here is in the snapshot; of those above, some may be committed only later.
        var settled = (long)(await ScalarAsync(tables, "select settled_seq_id from ledger.sealer", cancellationToken))!;
        var about = await AboutAsync(tables, cancellationToken);
        long count;
        await using (var events = await dataSource.OpenConnectionAsync(cancellationToken))
        await using (await events.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken))
        {
            await ExecuteAsync(events, $"set transaction snapshot '{snapshot}'; {Patience}", cancellationToken);
            count = await replay.RunAsync(events, about, cancellationToken);
        }
        await ExecuteAsync(tables, Derive, cancellationToken);
        var comparisons = new List<ReadModelComparison>();
        foreach (var table in chosen) comparisons.Add(await table.CompareAsync(tables, cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return (count, settled, comparisons);
    }

    /// <summary>About how many events there are. A database that was restored a moment ago has no statistics, and is what one rebuilds: there the table's size tells.</summary>
    internal static async Task<long> AboutAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (long)(await ScalarAsync(connection, $"select greatest(reltuples::bigint, pg_relation_size(oid) / {BytesPerEvent}) from pg_class where oid = 'ledger.mt_events'::regclass", cancellationToken))!;

    /// <summary>With appends held still: folds the streams again that have moved since the replay, then swaps the rows that differ.</summary>
    private static async Task SwapAsync(NpgsqlConnection tables, ReadModelReplay replay, List<ReadModelTable> chosen, long settled, CancellationToken cancellationToken)
    {
        await using var transaction = await tables.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        await ExecuteAsync(tables, $"{Patience}{ForScans}lock table ledger.mt_streams, ledger.pending in exclusive mode", cancellationToken);
        await ExecuteAsync(tables, ForgetTouched(settled), cancellationToken);
        await replay.RunTouchedAsync((long)(await ScalarAsync(tables, "select count(*) from replay_touched", cancellationToken))!, cancellationToken);
        await ExecuteAsync(tables, Derive, cancellationToken);
        foreach (var table in chosen)
        {
            if (!(await table.CompareAsync(tables, cancellationToken)).IsEqual) await ExecuteAsync(tables, table.Replace, cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
    }

    private const string Patience = "set local statement_timeout = 0; set local lock_timeout = 0; set local idle_in_transaction_session_timeout = 0;";

    // Whole tables are read here, which by key would take far longer.
    private const string ForScans = "set local enable_seqscan = on; set local work_mem = '128MB'; set local temp_buffers = '64MB'; set local max_parallel_workers_per_gather = 0;";

    private static readonly string CreateTables = string.Concat(Names.Append("touched").Select(name => $"drop table if exists pg_temp.replay_{name};"))
        + string.Concat(Names.Select(name => $"create temporary table replay_{name} (like ledger.{name});")) + "create temporary table replay_touched (tenant_id varchar, stream_id varchar);";

    // With an item its record, whose number the item's row repeats.
    private static string ForgetTouched(long settled) => $"""
        insert into replay_touched
        select distinct e.tenant_id, s.stream_id
          from ledger.mt_events e cross join lateral (values (e.stream_id), (case when e.stream_id like 'item/%' then 'record/' || substring(e.stream_id from '^item/[^/]*/(.*)$') end)) as s (stream_id)
         where e.seq_id > {settled} and s.stream_id is not null;
        analyze replay_touched;
        delete from replay_records r using replay_touched t where t.tenant_id = r.tenant_id and t.stream_id = 'record/' || r.record_id;
        delete from replay_items i using replay_touched t where t.tenant_id = i.tenant_id and t.stream_id = 'item/' || replace(replace(i.system_id, '%', '%25'), '/', '%2F') || '/' || i.record_id;
        delete from replay_attempts a using replay_touched t where t.tenant_id = a.tenant_id and t.stream_id = 'item/' || replace(replace(a.system_id, '%', '%25'), '/', '%2F') || '/' || a.record_id;
        delete from replay_jobs j using replay_touched t where t.tenant_id = j.tenant_id and t.stream_id = 'job/' || j.job_id;
        delete from replay_integrations i using replay_touched t where t.tenant_id = i.tenant_id and t.stream_id = 'integration/' || i.integration_id;
        """;

    // A queue that is still being filled holds the records up to `offered_through`, and whatever happened above it since.
    private const string Derive = """
        truncate replay_pending, replay_system_counts, replay_number_blocks;
        analyze replay_records; analyze replay_items; analyze replay_attempts; analyze replay_jobs;
        update replay_jobs j
           set pending = c.pending, in_progress = c.in_progress, successful = c.successful, failed = c.failed, abandoned = c.abandoned, cancelled = c.cancelled,
               last_updated_at = greatest(j.changed_at, c.changed_at)
          from (select tenant_id, job_id, max(changed_at) as changed_at, count(*) filter (where status = 'pending') as pending, count(*) filter (where status = 'in_progress') as in_progress,
                       count(*) filter (where status = 'successful') as successful, count(*) filter (where status = 'failed') as failed,
                       count(*) filter (where status = 'abandoned') as abandoned, count(*) filter (where status = 'cancelled') as cancelled
                  from replay_attempts where job_id is not null group by tenant_id, job_id) c
         where c.tenant_id = j.tenant_id and c.job_id = j.job_id;
        insert into replay_pending (tenant_id, system_id, number, record_id, ready_since, touched)
        select r.tenant_id, s.system_id, r.number, r.record_id, r.ready_since, i.record_id is not null
          from replay_records r join ledger.systems s on s.tenant_id = r.tenant_id
          left join replay_items i on i.tenant_id = r.tenant_id and i.system_id = s.system_id and i.record_id = r.record_id
         where (s.offered_through is null or r.number <= s.offered_through
                or exists (select 1 from ledger.pending p where p.tenant_id = r.tenant_id and p.system_id = s.system_id and p.number = r.number))
           and i.exported_since is null;
        insert into replay_number_blocks (tenant_id, system_id, level, block, newest)
        select i.tenant_id, i.system_id, l.level, i.number >> 6 * l.level, max(ledger.next_minute(i.exported_since))
          from replay_items i cross join generate_series(1, 3) as l (level) where i.exported_since is not null group by 1, 2, 3, 4;
        insert into replay_system_counts (tenant_id, system_id, slot, offered, exported, failed)
        select s.tenant_id, s.system_id, 0, coalesce(p.offered, 0), coalesce(i.exported, 0), coalesce(i.failed, 0)
          from ledger.systems s
          left join (select tenant_id, system_id, count(*) as offered from replay_pending where ready_since is not null group by 1, 2) p using (tenant_id, system_id)
          left join (select tenant_id, system_id, count(exported_since) as exported, count(*) filter (where exported_since is null and failure_at is not null) as failed
                       from replay_items group by 1, 2) i using (tenant_id, system_id);
        analyze replay_pending; analyze replay_number_blocks;
        """;

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
