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

/// <param name="Replaced">The read models were replaced by the replay.</param>
public sealed record RebuildReport(long Events, IReadOnlyList<ReadModelComparison> ReadModels, bool Replaced)
{
    public bool IsEqual => ReadModels.All(model => model.IsEqual);
}

/// <summary>Replays every event into fresh tables and compares them, row by row, with the read models kept inline.</summary>
public sealed class ReadModelRebuild(NpgsqlDataSource dataSource)
{
    /// <summary>Differing rows told one by one; the others are counted.</summary>
    private const int ExamplesOfAKind = 25;

    /// <summary>What can be rebuilt. Counts per system are compared by their sums: how they are spread over slots says nothing.</summary>
    public static IReadOnlyList<string> Names { get; } = ["records", "items", "attempts", "jobs", "integrations", "pending", "system_counts"];

    /// <param name="replace">
    /// Puts the replayed rows in the place of the named read models' rows. Appends wait meanwhile (readers do not); without
    /// it the service works on and the comparison speaks for one instant.
    /// </param>
    public async Task<RebuildReport> RunAsync(bool replace, IReadOnlyCollection<string>? only = null, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        var names = only is null ? Names : [.. Names.Where(only.Contains)];
        // Two sessions see the same instant: one streams the events, the other writes and compares.
        await using var tables = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await tables.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await ExecuteAsync(tables, "set local statement_timeout = 0; set local lock_timeout = 0; set local idle_in_transaction_session_timeout = 0", cancellationToken);
        if (replace) await ExecuteAsync(tables, "lock table ledger.mt_streams in exclusive mode", cancellationToken);
        var snapshot = (string)(await ScalarAsync(tables, "select pg_export_snapshot()", cancellationToken))!;
        await ExecuteAsync(tables, CreateTables, cancellationToken);

        var folded = 0L;
        await using (var events = await dataSource.OpenConnectionAsync(cancellationToken))
        await using (var reading = await events.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken))
        {
            await ExecuteAsync(events, $"set transaction snapshot '{snapshot}'; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0", cancellationToken);
            folded = await new ReadModelReplay(events, tables, progress).RunAsync(cancellationToken);
        }
        await ExecuteAsync(tables, Derive, cancellationToken);

        var comparisons = new List<ReadModelComparison>();
        foreach (var name in names) comparisons.Add(await CompareAsync(tables, name, cancellationToken));
        if (replace)
        {
            foreach (var name in names) await ExecuteAsync(tables, $"delete from ledger.{name}; insert into ledger.{name} select * from replay_{name}", cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return new(folded, comparisons, replace);
    }

    private static readonly string CreateTables = string.Join('\n', Names.Select(name => $"create temporary table replay_{name} (like ledger.{name}) on commit drop;"));

    // A queue that is still being filled holds the records up to `offered_through`, and whatever happened above it since.
    private const string Derive = """
        create index on replay_records (tenant_id, record_id);
        create index on replay_items (tenant_id, system_id, record_id);
        analyze replay_records; analyze replay_items; analyze replay_attempts;
        update replay_items i set number = r.number from replay_records r where r.tenant_id = i.tenant_id and r.record_id = i.record_id;
        update replay_jobs j
           set pending = c.pending, in_progress = c.in_progress, successful = c.successful, failed = c.failed, abandoned = c.abandoned, cancelled = c.cancelled,
               last_updated_at = greatest(j.changed_at, c.changed_at)
          from (select tenant_id, job_id, max(changed_at) as changed_at, count(*) filter (where status = 'pending') as pending, count(*) filter (where status = 'in_progress') as in_progress,
                       count(*) filter (where status = 'successful') as successful, count(*) filter (where status = 'failed') as failed,
                       count(*) filter (where status = 'abandoned') as abandoned, count(*) filter (where status = 'cancelled') as cancelled
                  from replay_attempts where job_id is not null group by tenant_id, job_id) c
         where c.tenant_id = j.tenant_id and c.job_id = j.job_id;
        insert into replay_pending (tenant_id, system_id, number, record_id, ready_since)
        select r.tenant_id, s.system_id, r.number, r.record_id, r.ready_since
          from replay_records r join ledger.systems s on s.tenant_id = r.tenant_id
         where (s.offered_through is null or r.number <= s.offered_through
                or exists (select 1 from ledger.pending p where p.tenant_id = r.tenant_id and p.system_id = s.system_id and p.number = r.number))
           and not exists (select 1 from replay_items i where i.tenant_id = r.tenant_id and i.system_id = s.system_id and i.record_id = r.record_id and i.exported_since is not null);
        insert into replay_system_counts (tenant_id, system_id, slot, offered, exported, failed)
        select s.tenant_id, s.system_id, 0,
               (select count(*) from replay_pending p where p.tenant_id = s.tenant_id and p.system_id = s.system_id and p.ready_since is not null),
               (select count(*) from replay_items i where i.tenant_id = s.tenant_id and i.system_id = s.system_id and i.exported_since is not null),
               (select count(*) from replay_items i where i.tenant_id = s.tenant_id and i.system_id = s.system_id and i.exported_since is null and i.failure_at is not null)
          from ledger.systems s;
        """;

    private static async Task<ReadModelComparison> CompareAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        var (kept, replayed) = name == "system_counts"
            ? ("select tenant_id, system_id, sum(offered)::bigint as offered, sum(exported)::bigint as exported, sum(failed)::bigint as failed from ledger.system_counts group by 1, 2 having (sum(offered), sum(exported), sum(failed)) <> (0, 0, 0)",
               "select tenant_id, system_id, offered, exported, failed from replay_system_counts where (offered, exported, failed) <> (0, 0, 0)")
            : ($"select * from ledger.{name}", $"select * from replay_{name}");
        await using var command = new NpgsqlCommand($"""
            with kept as materialized ({kept}), replayed as materialized ({replayed}),
            missing as materialized (select * from replayed except all select * from kept),
            unexpected as materialized (select * from kept except all select * from replayed)
            select (select count(*) from kept), (select count(*) from missing), (select count(*) from unexpected), d.kind, d.row::text,
                   coalesce((select max(p.position) from unnest({DifferingRow.StreamsOf(name)}) as s (id)
                               join ledger.mt_events e on e.tenant_id = d.row ->> 'tenant_id' and e.stream_id = s.id join ledger.event_positions p on p.seq_id = e.seq_id),
                            (select position from ledger.tenant_heads where tenant_id = d.row ->> 'tenant_id' and {DifferingRow.StreamsOf(name)} is null))
              from (select) one left join lateral (
                     (select 'missing' as kind, to_jsonb(m) as row from missing m limit {ExamplesOfAKind}) union all (select 'unexpected', to_jsonb(u) from unexpected u limit {ExamplesOfAKind})) d on true
            """, connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (rows, missing, unexpected) = (0L, 0L, 0L);
        var examples = new List<DifferingRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            (rows, missing, unexpected) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
            if (!reader.IsDBNull(3)) examples.Add(new(reader.GetString(3), reader.GetString(4), reader.IsDBNull(5) ? null : reader.GetInt64(5)));
        }
        return new(name, rows, missing, unexpected, examples);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
