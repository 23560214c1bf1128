using System.Data;
using System.Globalization;
using System.Runtime.CompilerServices;
using Ledger.EventStore;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Past;

/// <summary>
/// One look at a tenant's read models, from which a past position is found by undoing what changed since: within it, the rows of now and the line between what may
/// have changed after the position and what cannot have agree.
/// </summary>
internal sealed class PastSnapshot : IAsyncDisposable
{
    // Whatever follows the position was recorded no earlier than its moment less the farthest step back of the whole history; what is not sealed yet speaks for itself.
    private const string Line = $"""
        select least(coalesce($2::timestamptz, '-infinity') - (select back_step from ledger.tenant_heads where tenant_id = $1) * interval '1 microsecond',
                     (select min(e."timestamp") from {RecordedOrder.Unsealed}))
        """;

    private readonly NpgsqlTransaction _transaction;

    private PastSnapshot(NpgsqlConnection connection, NpgsqlTransaction transaction, string tenantId, long position, DateTime? latest, DateTime changedFrom) =>
        (Connection, _transaction, TenantId, Position, Latest, ChangedFrom) = (connection, transaction, tenantId, position, latest ?? DateTime.MinValue, changedFrom);

    public NpgsqlConnection Connection { get; }

    public string TenantId { get; }

    public long Position { get; }

    /// <summary>Nothing up to the position was recorded later.</summary>
    public DateTime Latest { get; }

    /// <summary>A record or item with an event after the position has a <c>changed_at</c> at or after this; so may some others.</summary>
    public DateTime ChangedFrom { get; }

    public static async Task<PastSnapshot> OpenAsync(NpgsqlDataSource dataSource, string tenantId, long position, CancellationToken cancellationToken)
    {
        var latest = await new RecordedOrder(dataSource).MomentOfAsync(tenantId, position, cancellationToken);
        var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            // The tenant stays named until the transaction ends.
            await using var line = new NpgsqlBatch(connection)
            {
                BatchCommands =
                {
                    Tenancy.ActFor(tenantId),
                    new(Line) { Parameters = { new NpgsqlParameter<string> { TypedValue = tenantId }, Time(latest?.UtcDateTime ?? DateTime.MinValue) } },
                },
            };
            // A tenant without events has no line: nothing can have changed.
            var changedFrom = await line.ExecuteScalarAsync(cancellationToken) is DateTime from ? from : DateTime.MinValue;
            return new(connection, transaction, tenantId, position, latest?.UtcDateTime, changedFrom);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a query whose first parameter is the tenant, and reads all its rows.</summary>
    public async Task<List<T>> ListAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken)) rows.Add(read(reader));
        return rows;
    }

    /// <summary>The same in chunks, for results that do not fit into memory.</summary>
    /// <param name="cursor">Names the cursor: one of a name at a time.</param>
    public async IAsyncEnumerable<List<T>> ChunksAsync<T>(
        string cursor, int size, string sql, Func<NpgsqlDataReader, T> read, NpgsqlParameter[] parameters, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using (var declare = Command($"declare {cursor} no scroll cursor for {sql}", parameters)) await declare.ExecuteNonQueryAsync(cancellationToken);
        var fetch = string.Create(CultureInfo.InvariantCulture, $"fetch {size} from {cursor}");
        while (true)
        {
            var rows = new List<T>();
            await using (var command = new NpgsqlCommand(fetch, Connection))
            await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
            {
                while (await reader.ReadAsync(cancellationToken)) rows.Add(read(reader));
            }
            if (rows.Count > 0) yield return rows;
            if (rows.Count < size) break;
        }
        await using var close = new NpgsqlCommand($"close {cursor}", Connection);
        await close.ExecuteNonQueryAsync(cancellationToken);
    }

    public Task<Dictionary<string, List<PastEvent>>> EventsAsync(IEnumerable<string> streamIds, CancellationToken cancellationToken) =>
        new PastEvents(Connection, TenantId).ReadAsync(streamIds, Position, cancellationToken);

    public static NpgsqlParameter<DateTime> Time(DateTime time) => new() { TypedValue = time, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }

    private NpgsqlCommand Command(string sql, NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, Connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = TenantId });
        command.Parameters.AddRange(parameters);
        return command;
    }
}
