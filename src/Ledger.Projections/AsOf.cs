using Ledger.EventStore;
using Npgsql;

namespace Ledger.Projections;

/// <summary>What an answer speaks for: the tenant's last sealed position, and PostgreSQL's time, when it was read.</summary>
public readonly record struct AsOf(long Position, DateTimeOffset Time)
{
    internal static NpgsqlBatchCommand Command(string tenantId) =>
        new("select coalesce((select position from ledger.tenant_heads where tenant_id = $1), 0), clock_timestamp()") { Parameters = { new NpgsqlParameter<string> { TypedValue = tenantId } } };

    internal static async Task<AsOf> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(cancellationToken);
        return new(reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1));
    }

    public static async Task<AsOf> NowAsync(NpgsqlDataSource dataSource, string tenantId, CancellationToken cancellationToken)
    {
        await using var batch = dataSource.CreateBatch(tenantId);
        batch.BatchCommands.Add(Command(tenantId));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await ReadAsync(reader, cancellationToken);
    }
}
