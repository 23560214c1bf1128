using Npgsql;

namespace Ledger.Bench.Service;

/// <summary>
/// Holds an office that the service's processes elect one leader for, by taking its advisory lock: nobody does its work meanwhile. The service
/// needs no setting for that; it takes the office back within a second or so.
/// </summary>
internal sealed class Leadership : IAsyncDisposable
{
    public const long Sealer = 0x6C65_6467_6572_0002;
    public const long LogBuilder = 0x6C65_6467_6572_0004;

    private readonly NpgsqlConnection _connection;

    private Leadership(NpgsqlConnection connection) => _connection = connection;

    public static async Task<Leadership> TakeAsync(string connectionString, long office)
    {
        var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        // First in the queue for the lock, then the end of the session that holds it: nobody else can come between.
        await using var waiting = new NpgsqlConnection(connectionString + ";Pooling=false");
        await waiting.OpenAsync();
        await using var take = new NpgsqlCommand($"select pg_advisory_lock({office})", connection);
        var taken = take.ExecuteNonQueryAsync();
        while (!taken.IsCompleted)
        {
            await using var end = new NpgsqlCommand($"""
                select pg_terminate_backend(pid, 5000) from pg_locks where locktype = 'advisory' and granted and (classid::bigint << 32 | objid::bigint) = {office} and pid <> {connection.ProcessID}
                """, waiting);
            await end.ExecuteNonQueryAsync();
            await Task.WhenAny(taken, Task.Delay(20));
        }
        await taken;
        return new(connection);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
