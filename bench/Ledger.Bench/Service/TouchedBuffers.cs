using Ledger.Bench.Load;
using Npgsql;

namespace Ledger.Bench.Service;

/// <summary>Shared buffers of tables and indexes that requests touch, as PostgreSQL counts them, whichever statements the service sends.</summary>
internal static class TouchedBuffers
{
    private const int Requests = 40;
    private const int Attempts = 20;

    // More than the service has sessions: idle ones take turns.
    private const int Sessions = 24;

    // A session reports what it has counted when it ends a transaction, and at most once a second.
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1.1);

    // What runs in the background looks at other tables; PostgreSQL's own housekeeping is counted like anybody.
    private const string Counters = """
        select (select count(*) from pg_stat_activity where backend_type = 'autovacuum worker' and datname = current_database()),
               sum(autovacuum_count + autoanalyze_count)::bigint,
               sum(coalesce(heap_blks_read + heap_blks_hit, 0) + coalesce(idx_blks_read + idx_blks_hit, 0) + coalesce(toast_blks_read + toast_blks_hit, 0))::bigint
          from pg_statio_user_tables join pg_stat_user_tables using (relid, schemaname, relname)
         where schemaname = 'ledger' and relname in ('records', 'items', 'pending', 'attempts', 'number_blocks', 'queue_gaps', 'systems')
        """;

    private readonly record struct Count(long Vacuuming, long Vacuumed, long Buffers);

    /// <returns>Per request, for each of the paths.</returns>
    public static async Task<List<double>> CountAsync(BenchDatabase database, HttpConnection connection, IReadOnlyList<string> paths, int requests = Requests)
    {
        var counts = new List<double>();
        var before = await SettledAsync(database, connection);
        foreach (var path in paths)
        {
            for (var attempt = 1; ; attempt++)
            {
                for (var request = 0; request < requests; request++) await connection.SendAsync("GET", path);
                var (start, end) = (before, await SettledAsync(database, connection));
                before = end;
                // A table that was vacuumed meanwhile: its blocks are among those counted.
                if (start.Vacuuming + end.Vacuuming > 0 || start.Vacuumed != end.Vacuumed)
                {
                    if (attempt == Attempts) throw new InvalidOperationException($"Autovacuum does not end: {path} was counted {attempt} times.");
                    continue;
                }
                counts.Add((end.Buffers - start.Buffers) / (double)requests);
                break;
            }
        }
        return counts;
    }

    // Asks for something that touches none of the tables above, in every session of the three pools: readiness is the owner's question, a list of subscriptions a request's,
    // and this process has read the bare pages.
    private static async Task<Count> SettledAsync(BenchDatabase database, HttpConnection connection)
    {
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
        return new(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }
}
