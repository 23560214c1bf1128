using Npgsql;

namespace Ledger.EventStore;

/// <summary>Statements of one tenant, as row-level security wants them: the tenant is named in the same transaction and the same round trip (docs/adr/0020).</summary>
public static class Tenancy
{
    /// <summary>Goes first in a batch. It has no result of its own.</summary>
    public static NpgsqlBatchCommand ActFor(string tenantId) => new("call ledger.act_for($1)") { Parameters = { new NpgsqlParameter<string> { TypedValue = tenantId } } };

    /// <summary>Statements that see this tenant's rows only, where the data source is that of requests; they begin at the second place.</summary>
    public static NpgsqlBatch CreateBatch(this NpgsqlDataSource dataSource, string tenantId)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        var batch = dataSource.CreateBatch();
        batch.BatchCommands.Add(ActFor(tenantId));
        return batch;
    }

    /// <summary>One statement that sees this tenant's rows only, where the data source is that of requests.</summary>
    public static TenantCommand CreateCommand(this NpgsqlDataSource dataSource, string tenantId, string sql)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        return new(dataSource.CreateBatch(tenantId), sql);
    }
}

/// <summary>One statement with its tenant in front of it. Used as an <see cref="NpgsqlCommand"/> is.</summary>
public sealed class TenantCommand : IAsyncDisposable
{
    private readonly NpgsqlBatch _batch;
    private readonly NpgsqlBatchCommand _command;

    internal TenantCommand(NpgsqlBatch batch, string sql)
    {
        (_batch, _command) = (batch, new(sql));
        _batch.BatchCommands.Add(_command);
    }

    public NpgsqlParameterCollection Parameters => _command.Parameters;

    public string CommandText
    {
        get => _command.CommandText;
        set => _command.CommandText = value;
    }

    public Task<NpgsqlDataReader> ExecuteReaderAsync(CancellationToken cancellationToken) => _batch.ExecuteReaderAsync(cancellationToken);

    public Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken) => _batch.ExecuteScalarAsync(cancellationToken);

    public ValueTask DisposeAsync() => _batch.DisposeAsync();
}
