using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.EventStore;

public partial class EventStore
{
    /// <summary>The columns of <c>ledger.mt_events e left join ledger.event_positions p</c> that <see cref="Recorded"/> reads: for readers with conditions of their own.</summary>
    public const string Columns = """
        e.tenant_id, e.stream_id, e.version, e.seq_id, p.position, e.id, e.type, e."timestamp", e.correlation_id, e.causation_id, e.headers ->> 'actor', e.headers ->> 'dialect', e.data
        """;

    // A lateral subquery with "offset 0" is looked up row by row: a plan made while the tables were small cannot turn into a
    // scan of all events once they have grown.
    private const string PositionOfEvent = "left join lateral (select position from ledger.event_positions where seq_id = e.seq_id offset 0) p on true";
    private const string EventAtPosition = "cross join lateral (select * from ledger.mt_events where seq_id = p.seq_id offset 0) e";

    /// <summary>The events of one stream, oldest first; empty when the stream does not exist.</summary>
    /// <param name="upToVersion">Leaves out later versions.</param>
    /// <param name="upToTime">Leaves out events recorded after this time; an event recorded exactly then belongs to the answer.</param>
    public Task<List<RecordedEvent>> ReadStreamAsync(
        string tenantId, string streamId, long? upToVersion = null, DateTimeOffset? upToTime = null, CancellationToken cancellationToken = default) =>
        ReadAsync(tenantId, $"""
            select {Columns} from ledger.mt_events e {PositionOfEvent}
             where e.tenant_id = $1 and e.stream_id = $2 and e.version <= $3 and e."timestamp" <= $4
             order by e.version
            """, cancellationToken,
            new NpgsqlParameter<string> { TypedValue = tenantId }, new NpgsqlParameter<string> { TypedValue = streamId },
            new NpgsqlParameter<long> { TypedValue = upToVersion ?? long.MaxValue }, Time(upToTime));

    /// <summary>The events of several streams, merged in the order of the tenant's positions; not yet sealed ones come last.</summary>
    /// <param name="upToPosition">Leaves out events after this position, and those without one.</param>
    public Task<List<RecordedEvent>> ReadStreamsAsync(
        string tenantId, IReadOnlyCollection<string> streamIds, DateTimeOffset? upToTime = null, long? upToPosition = null, CancellationToken cancellationToken = default) =>
        ReadAsync(tenantId, $"""
            select {Columns} from unnest($2::varchar[]) as s (id)
              cross join lateral (select * from ledger.mt_events where tenant_id = $1 and stream_id = s.id and "timestamp" <= $3 offset 0) e {PositionOfEvent}
             where $4::bigint is null or p.position <= $4
             order by p.position nulls last, e.seq_id
            """, cancellationToken,
            new NpgsqlParameter<string> { TypedValue = tenantId }, new NpgsqlParameter<string[]> { TypedValue = [.. streamIds.Distinct(StringComparer.Ordinal)] },
            Time(upToTime), new NpgsqlParameter { Value = (object?)upToPosition ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });

    /// <summary>A page of the tenant's sealed history: positions after <paramref name="afterPosition"/>, dense and in order.</summary>
    public Task<List<RecordedEvent>> ReadFeedAsync(string tenantId, long afterPosition, int limit, CancellationToken cancellationToken = default) =>
        ReadAsync(tenantId, $"""
            select {Columns} from ledger.event_positions p {EventAtPosition}
             where p.tenant_id = $1 and p.position > $2 order by p.position limit $3
            """, cancellationToken,
            new NpgsqlParameter<string> { TypedValue = tenantId }, new NpgsqlParameter<long> { TypedValue = afterPosition }, new NpgsqlParameter<int> { TypedValue = limit });

    /// <summary>A page of the whole ledger's sealed history by its ledger-wide sequence, for internal readers.</summary>
    public Task<List<RecordedEvent>> ReadLedgerAsync(long afterSequence, int limit, CancellationToken cancellationToken = default) =>
        ReadAsync(null, $"""
            select {Columns} from ledger.event_positions p {EventAtPosition}
             where p.sequence > $1 order by p.sequence limit $2
            """, cancellationToken,
            new NpgsqlParameter<long> { TypedValue = afterSequence }, new NpgsqlParameter<int> { TypedValue = limit });

    /// <summary>Every committed event in insertion order, sealed or not, streamed: what a rebuild folds.</summary>
    /// <remarks>Insertion order keeps the versions of a stream in order, because a stream's row is locked before its events draw their number.</remarks>
    public async IAsyncEnumerable<RecordedEvent> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection) { Timeout = 0 };
        // The server would otherwise end the statement after its guard rail of 30 s, however fast the caller folds.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select set_config('statement_timeout', '0', true)"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"select {Columns} from ledger.mt_events e left join ledger.event_positions p on p.seq_id = e.seq_id order by e.seq_id"));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) yield return Recorded(reader);
    }

    /// <summary>The tenant's last sealed position; 0 when nothing is sealed.</summary>
    public async Task<long> HeadAsync(string tenantId, CancellationToken cancellationToken = default)
    {
        await using var command = Requests.CreateCommand(tenantId, "select position from ledger.tenant_heads where tenant_id = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId });
        return await command.ExecuteScalarAsync(cancellationToken) is long position ? position : 0;
    }

    /// <param name="tenantId">Null: of all tenants.</param>
    private async Task<List<RecordedEvent>> ReadAsync(string? tenantId, string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        if (tenantId is not null)
        {
            await using var own = Requests.CreateCommand(tenantId, sql);
            own.Parameters.AddRange(parameters);
            return await ReadAsync(await own.ExecuteReaderAsync(cancellationToken), cancellationToken);
        }
        await using var command = dataSource.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        return await ReadAsync(await command.ExecuteReaderAsync(cancellationToken), cancellationToken);
    }

    private static async Task<List<RecordedEvent>> ReadAsync(NpgsqlDataReader rows, CancellationToken cancellationToken)
    {
        await using var reader = rows;
        var events = new List<RecordedEvent>();
        while (await reader.ReadAsync(cancellationToken)) events.Add(Recorded(reader));
        return events;
    }

    /// <summary>Reads <see cref="Columns"/> at the start of a row.</summary>
    public static RecordedEvent Recorded(NpgsqlDataReader row)
    {
        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
        return new RecordedEvent(
            TenantId: row.GetString(0), StreamId: row.GetString(1), Version: row.GetInt64(2), SeqId: row.GetInt64(3), Position: row.IsDBNull(4) ? null : row.GetInt64(4),
            Id: row.GetGuid(5), Type: row.GetString(6), RecordedAt: row.GetFieldValue<DateTimeOffset>(7), CorrelationId: Text(8), CausationId: Text(9),
            Actor: Text(10), Dialect: Text(11), Data: row.GetFieldValue<byte[]>(12));
    }

    private static NpgsqlParameter<DateTime> Time(DateTimeOffset? time) =>
        new NpgsqlParameter<DateTime> { TypedValue = time?.UtcDateTime ?? DateTime.MaxValue, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
