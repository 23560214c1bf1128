using Ledger.Bench.Load;

namespace Ledger.Bench.Service;

/// <summary>Shared buffers of tables and indexes that requests touch, as PostgreSQL counts them, whichever statements the service sends.</summary>
internal static class TouchedBuffers
{
    private const int Requests = 40;

    // More than the service has sessions: idle ones take turns.
    private const int Sessions = 24;

    // A session reports what it has counted when it ends a transaction, and at most once a second; one with nothing to do after ten.
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1.1), IdleReportInterval = TimeSpan.FromSeconds(11);

    /// <summary>After load: until nothing of it is still to be reported.</summary>
    public static Task RestAsync() => Task.Delay(IdleReportInterval);

    /// <returns>Per request.</returns>
    public static async Task<double> CountAsync(BenchDatabase database, HttpConnection connection, string path, int requests = Requests)
    {
        await SettleAsync(connection);
        var before = await TotalAsync(database);
        for (var request = 0; request < requests; request++) await connection.SendAsync("GET", path);
        await SettleAsync(connection);
        return (await TotalAsync(database) - before) / (double)requests;
    }

    // Asks for something that touches none of the tables below, in every session of either pool: readiness is the owner's question, a list of subscriptions a request's.
    private static async Task SettleAsync(HttpConnection connection)
    {
        await Task.Delay(ReportInterval);
        for (var session = 0; session < Sessions; session++)
        {
            await connection.SendAsync("GET", "/health/ready");
            await connection.SendAsync("GET", "/v1/webhooks");
        }
        await Task.Delay(TimeSpan.FromMilliseconds(100));
    }

    // What runs in the background looks at other tables.
    private static async Task<long> TotalAsync(BenchDatabase database)
    {
        await using var command = database.DataSource.CreateCommand("""
            select sum(coalesce(heap_blks_read + heap_blks_hit, 0) + coalesce(idx_blks_read + idx_blks_hit, 0) + coalesce(toast_blks_read + toast_blks_hit, 0))::bigint
              from pg_statio_user_tables where schemaname = 'ledger' and relname in ('records', 'items', 'pending', 'attempts', 'number_blocks', 'queue_gaps', 'systems')
            """);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
