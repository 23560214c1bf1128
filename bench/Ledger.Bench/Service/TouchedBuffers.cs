using Ledger.Bench.Load;

namespace Ledger.Bench.Service;

/// <summary>Shared buffers of tables and indexes that requests touch, as PostgreSQL counts them, whichever statements the service sends.</summary>
internal static class TouchedBuffers
{
    private const int Requests = 40;

    // A session reports what it has counted when it ends a transaction, and at most once a second.
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1.1);

    /// <returns>Per request.</returns>
    public static async Task<double> CountAsync(BenchDatabase database, HttpConnection connection, string path)
    {
        await SettleAsync(connection, path);
        var before = await TotalAsync(database);
        for (var request = 1; request < Requests; request++) await connection.SendAsync("GET", path);
        await SettleAsync(connection, path);
        return (await TotalAsync(database) - before) / (double)Requests;
    }

    private static async Task SettleAsync(HttpConnection connection, string path)
    {
        await Task.Delay(ReportInterval);
        await connection.SendAsync("GET", path);
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
