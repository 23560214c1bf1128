using Npgsql;

namespace Ledger.EventStore.Tests;

/// <summary>
/// One append in slow motion: the steps of the store's one statement (own a transaction id, lock or create the stream, draw
/// seq_ids and insert, commit), each when the test says so.
/// </summary>
internal sealed class HandHeldAppend : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly string _tenant;
    private string _stream = "";
    private long _version;

    private HandHeldAppend(NpgsqlConnection connection, NpgsqlTransaction transaction, string tenant) =>
        (_connection, _transaction, _tenant) = (connection, transaction, tenant);

    public static async Task<HandHeldAppend> BeginAsync(LedgerDatabase ledger, string tenant)
    {
        var connection = await ledger.DataSource.OpenConnectionAsync();
        return new HandHeldAppend(connection, await connection.BeginTransactionAsync(), tenant);
    }

    /// <summary>What any earlier write of the same transaction does, an idempotency row for example.</summary>
    public Task<long> TakeTransactionIdAsync() => ScalarAsync<long>("select pg_current_xact_id()::text::bigint");

    /// <returns>False when the stream is not at that version.</returns>
    public async Task<bool> LockAsync(string stream, long expectedVersion)
    {
        (_stream, _version) = (stream, expectedVersion);
        var locked = expectedVersion == 0
            ? await ScalarAsync<object?>("insert into ledger.mt_streams (tenant_id, id, type, version) values ($1, $2, 'item', 0) on conflict do nothing returning id", _tenant, stream)
            : await ScalarAsync<object?>("select id from ledger.mt_streams where tenant_id = $1 and id = $2 and version = $3 for update", _tenant, stream, expectedVersion);
        return locked is not null;
    }

    /// <returns>The seq_ids drawn.</returns>
    public async Task<long[]> InsertAsync(int count = 1)
    {
        var drawn = new long[count];
        for (var index = 0; index < count; index++)
        {
            drawn[index] = await ScalarAsync<long>("""
                insert into ledger.mt_events (id, stream_id, version, data, type, tenant_id) values (gen_random_uuid(), $1, $2, '{}', 'item_exported', $3) returning seq_id
                """, _stream, ++_version, _tenant);
        }
        await ScalarAsync<object?>("update ledger.mt_streams set version = $3 where tenant_id = $1 and id = $2", _tenant, _stream, _version);
        return drawn;
    }

    public Task CommitAsync() => _transaction.CommitAsync();

    public Task RollBackAsync() => _transaction.RollbackAsync();

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async Task<T> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, _connection, _transaction);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
