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
/// <param name="Phases">What its parts took, in their order.</param>
public sealed record RebuildReport(long Events, IReadOnlyList<ReadModelComparison> ReadModels, bool Replaced, IReadOnlyList<RebuildPhase> Phases)
{
    public bool IsEqual => ReadModels.All(model => model.IsEqual);
}

/// <summary>
/// Replays every event and compares the rows that gives, one by one, with the read models kept inline. The service works on meanwhile; only
/// when a read model differs and is to be replaced do appends wait, while the streams that have moved since are folded again and the rows swapped.
/// </summary>
/// <param name="sessionProcessor">Processor time of a PostgreSQL session by its process id, where it can be known: on the same machine.</param>
public sealed class ReadModelRebuild(NpgsqlDataSource dataSource, Func<int, TimeSpan>? sessionProcessor = null)
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
            var phases = new RebuildPhases(sessionProcessor);
            phases.Watch(tables);
            using var replay = new ReadModelReplay(tables, phases, progress);
            var (events, settled, comparisons) = await ReplayAllAsync(tables, replay, chosen, phases, cancellationToken);
            if (replace && comparisons.Exists(comparison => !comparison.IsEqual))
            {
                await phases.RunAsync("swap", async () =>
                {
                    await SwapAsync(tables, replay, chosen, settled, cancellationToken);
                    return comparisons.Sum(comparison => comparison.Missing + comparison.Unexpected);
                });
            }
            return new(events, comparisons, replace, phases.All);
        }
        finally
        {
            // The pool keeps the session, and with it what belongs to a session: the tables must not.
            NpgsqlConnection.ClearPool(tables);
        }
    }

    /// <summary>Of the events' table, as little as an event takes: a guess that is too high only makes smaller files.</summary>
    private const int BytesPerEvent = 250;

    // Two sessions see the same instant: one streams events and kept rows, the other writes and compares.
    private async Task<(long Events, long Settled, List<ReadModelComparison> Comparisons)> ReplayAllAsync(
        NpgsqlConnection tables, ReadModelReplay replay, List<ReadModelTable> chosen, RebuildPhases phases, CancellationToken cancellationToken)
    {
        await using var transaction = await tables.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await ExecuteAsync(tables, Patience + ForScans + CreateTables, cancellationToken);
        var snapshot = (string)(await ScalarAsync(tables, "select pg_export_snapshot()", cancellationToken))!;
        // Every event up to here is in the snapshot; of those above, some may be committed only later.
        var settled = (long)(await ScalarAsync(tables, "select settled_seq_id from ledger.sealer", cancellationToken))!;
        var about = await AboutAsync(tables, cancellationToken);
        var systems = await SystemsAsync(tables, cancellationToken);
        long count;
        await using (var events = await dataSource.OpenConnectionAsync(cancellationToken))
        await using (await events.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken))
        {
            phases.Watch(events);
            await ExecuteAsync(events, $"set transaction snapshot '{snapshot}'; {Patience}", cancellationToken);
            count = await replay.RunAsync(events, about, systems, cancellationToken);
        }
        await phases.RunAsync("add up", async () =>
        {
            await ExecuteAsync(tables, ReplaySql.Analyze + ReplaySql.AddUp, cancellationToken);
            return count;
        });
        var comparisons = new List<ReadModelComparison>();
        foreach (var table in chosen)
        {
            await phases.RunAsync($"compare {table.Name}", async () =>
            {
                comparisons.Add(await table.CompareAsync(tables, table.IsByRecord ? replay.Kept[table.Name] : null, cancellationToken));
                return table.IsByRecord ? replay.CopiedTo($"replay_{table.Name}") + replay.CopiedTo($"kept_{table.Name}") : comparisons[^1].Rows;
            });
        }
        await transaction.CommitAsync(cancellationToken);
        return (count, settled, comparisons);
    }

    /// <summary>About how many events there are. A database that was restored a moment ago has no statistics, and is what one rebuilds: there the table's size tells.</summary>
    internal static async Task<long> AboutAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (long)(await ScalarAsync(connection, $"select greatest(reltuples::bigint, pg_relation_size(oid) / {BytesPerEvent}) from pg_class where oid = 'ledger.mt_events'::regclass", cancellationToken))!;

    private static async Task<Dictionary<string, IReadOnlyList<KnownSystem>>> SystemsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select tenant_id, system_id, offered_through from ledger.systems order by 1, 2", connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var systems = new List<(string Tenant, KnownSystem System)>();
        while (await reader.ReadAsync(cancellationToken)) systems.Add((reader.GetString(0), new(reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetInt64(2))));
        return systems.GroupBy(system => system.Tenant).ToDictionary(tenant => tenant.Key, IReadOnlyList<KnownSystem> (tenant) => [.. tenant.Select(system => system.System)]);
    }

    /// <summary>With appends held still: folds the streams again that have moved since the replay, then swaps the rows that differ.</summary>
    private static async Task SwapAsync(NpgsqlConnection tables, ReadModelReplay replay, List<ReadModelTable> chosen, long settled, CancellationToken cancellationToken)
    {
        await using var transaction = await tables.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        await ExecuteAsync(tables, $"{Patience}{ForScans}lock table ledger.mt_streams, ledger.pending in exclusive mode", cancellationToken);
        await ExecuteAsync(tables, ReplaySql.Touch(settled), cancellationToken);
        await replay.RunTouchedAsync((long)(await ScalarAsync(tables, "select count(*) from replay_touched", cancellationToken))!, cancellationToken);
        await ExecuteAsync(tables, ReplaySql.DeriveAgain(withCounts: chosen.Exists(table => table.Name == "system_counts")), cancellationToken);
        foreach (var table in chosen)
        {
            if (table.IsByRecord || !(await table.CompareAsync(tables, null, cancellationToken)).IsEqual) await ExecuteAsync(tables, table.Replace, cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
    }

    private const string Patience = "set local statement_timeout = 0; set local lock_timeout = 0; set local idle_in_transaction_session_timeout = 0;";

    // Whole tables are read here, which by key would take far longer.
    private const string ForScans = "set local enable_seqscan = on; set local work_mem = '128MB'; set local temp_buffers = '64MB'; set local max_parallel_workers_per_gather = 0;";

    private static readonly string CreateTables = string.Concat(Names.Append("touched").Select(name => $"drop table if exists pg_temp.replay_{name};"))
        + string.Concat(Names.Select(name => $"create temporary table replay_{name} (like ledger.{name});")) + "create temporary table replay_touched (tenant_id varchar, stream_id varchar);"
        + string.Concat(ComparedRows.All.Select(kept => $"drop table if exists pg_temp.kept_{kept.Name}; create temporary table kept_{kept.Name} (like ledger.{kept.Name});")) + ReplaySums.CreateTables;

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
