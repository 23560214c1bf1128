using System.Diagnostics;
using Ledger.Bench.Load;

namespace Ledger.Bench.Service;

/// <summary>Shared buffers of tables and indexes that requests touch, as PostgreSQL counts them, whichever statements the service sends.</summary>
internal static class TouchedBuffers
{
    private const int Requests = 40;
    private const int Attempts = 20;
    private static readonly TimeSpan LongestVacuum = TimeSpan.FromMinutes(5);

    // More than the service has sessions: idle ones take turns.
    private const int Sessions = 24;

    // A session reports what it has counted when it ends a transaction, and at most once a second.
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1.1);

    // The service's own look at its queues once a second is among them: less than a buffer per request at rest, some more for a minute after many exports.
    // PostgreSQL's housekeeping would be counted like anybody; whether there was any is asked with it.
    private const string Counters = """
        select sum(pg_stat_get_vacuum_count(c.oid) + pg_stat_get_analyze_count(c.oid) + pg_stat_get_autovacuum_count(c.oid) + pg_stat_get_autoanalyze_count(c.oid) + pg_stat_get_autovacuum_count(c.reltoastrelid))::bigint,
               sum(coalesce(heap_blks_read + heap_blks_hit, 0) + coalesce(idx_blks_read + idx_blks_hit, 0) + coalesce(toast_blks_read + toast_blks_hit, 0))::bigint
          from pg_statio_user_tables s join pg_class c on c.oid = s.relid
         where s.schemaname = 'ledger' and s.relname in ('records', 'items', 'pending', 'attempts', 'number_blocks', 'queue_gaps', 'systems')
        """;

    private const string Vacuuming = "select exists (select from pg_stat_activity where backend_type = 'autovacuum worker' and datname = current_database())";

    private readonly record struct Count(long Vacuumed, long Buffers);

    /// <returns>Per request, for each of the paths.</returns>
    public static async Task<List<double>> CountAsync(BenchDatabase database, HttpConnection connection, IReadOnlyList<string> paths)
    {
        var counts = new List<double>();
        var before = await SettledAsync(database, connection);
        foreach (var path in paths)
        {
            for (var attempt = 1; ; attempt++)
            {
                for (var request = 0; request < Requests; request++) await connection.SendAsync("GET", path);
                var (start, end) = (before, await SettledAsync(database, connection));
                before = end;
                // A table that was vacuumed meanwhile: its blocks are among those counted.
                if (start.Vacuumed != end.Vacuumed)
                {
                    if (attempt == Attempts) throw new InvalidOperationException($"Tables are vacuumed or analyzed again and again: {path} was counted {attempt} times.");
                    continue;
                }
                counts.Add((end.Buffers - start.Buffers) / (double)Requests);
                break;
            }
        }
        return counts;
    }

    // Asks for something that touches none of the tables above, in every session of the three pools: readiness is the owner's question, a list of subscriptions a request's,
    // and this process has read the bare pages.
    private static async Task<Count> SettledAsync(BenchDatabase database, HttpConnection connection)
    {
        for (var started = Stopwatch.GetTimestamp(); await IsVacuumingAsync(database); await Task.Delay(ReportInterval))
            if (Stopwatch.GetElapsedTime(started) > LongestVacuum) throw new InvalidOperationException("Autovacuum does not end.");
        await Task.Delay(ReportInterval);
        for (var session = 0; session < Sessions; session++)
        {
            await connection.SendAsync("GET", "/health/ready");
            await connection.SendAsync("GET", "/v1/webhooks");
            await database.ExecuteAsync("select 1");
        }
        await Task.Delay(TimeSpan.FromMilliseconds(100));
        await using var command = database.DataSource.CreateCommand(Counters);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return new(reader.GetInt64(0), reader.GetInt64(1));
    }

    private static async Task<bool> IsVacuumingAsync(BenchDatabase database)
    {
        await using var command = database.DataSource.CreateCommand(Vacuuming);
        return await command.ExecuteScalarAsync() is true;
    }
}
