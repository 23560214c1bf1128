using Ledger.Domain;
using Ledger.EventStore;
using Npgsql;
using NpgsqlTypes;
using static Ledger.Projections.Writing.Parameters;

namespace Ledger.Projections.Timelines;

/// <summary>Which events of a tenant's history are wanted; what is null does not matter, what is given must all hold.</summary>
/// <param name="StreamPrefix">Start of the stream's name, compared byte by byte.</param>
/// <param name="Types">Stored names; any of them.</param>
/// <param name="System">Events of items in this system.</param>
/// <param name="Record">Events of this record, and of its items in every system.</param>
public sealed record FeedFilter(string? StreamPrefix = null, IReadOnlyList<string>? Types = null, SystemId? System = null, RecordId? Record = null)
{
    public static readonly FeedFilter Everything = new();
}

/// <param name="Events">In the order of their positions.</param>
/// <param name="Reached">Up to here, this position included, nothing else matches: where to go on.</param>
public sealed record FeedChunk(IReadOnlyList<RecordedEvent> Events, long Reached);

/// <summary>Reads a tenant's history by position, in statements of bounded cost however few events match.</summary>
/// <param name="span">Positions one statement looks at when it has to look at each.</param>
public sealed class FilteredFeed(EventStore.EventStore store, int span = FilteredFeed.DefaultSpan)
{
    /// <summary>About 20 ms of one PostgreSQL process.</summary>
    public const int DefaultSpan = 5_000;

    private const string Matching = """
        and ($5::varchar is null or starts_with(e.stream_id, $5)) and ($6::varchar is null or starts_with(e.stream_id, $6)) and ($7::varchar[] is null or e.type = any ($7))
        """;

    private const string Walk = $"""
        select {EventStore.EventStore.Columns}
          from ledger.event_positions p cross join lateral (select * from ledger.mt_events where seq_id = p.seq_id offset 0) e
         where p.tenant_id = $1 and p.position > $2 and p.position <= $3 {Matching}
         order by p.position limit $4
        """;

    // The streams of a record are known by name: its own history is read, and no one else's.
    private const string OfRecord = $"""
        with streams as materialized (
          select $8::varchar as stream_id
          union all
          select 'item/' || replace(replace(s.system_id, '%', '%25'), '/', '%2F') || '/' || $9 from ledger.systems s where s.tenant_id = $1)
        select {EventStore.EventStore.Columns}
          from streams t
          cross join lateral (select * from ledger.mt_events where tenant_id = $1 and stream_id = t.stream_id offset 0) e
          cross join lateral (select position from ledger.event_positions where seq_id = e.seq_id offset 0) p
         where p.position > $2 and p.position <= $3 {Matching}
         order by p.position limit $4
        """;

    /// <param name="after">Starts behind this position.</param>
    /// <param name="head">Ends at this position, which is sealed.</param>
    /// <param name="limit">Events at most.</param>
    public async Task<FeedChunk> ReadAsync(string tenantId, long after, long head, int limit, FeedFilter filter, CancellationToken cancellationToken)
    {
        if (after >= head) return new([], after);
        var looksAtEach = filter.Record is null;
        // Positions are dense: a span of them is a number of events.
        var upTo = looksAtEach ? Math.Min(head, after + (filter == FeedFilter.Everything ? limit : span)) : head;
        await using var command = store.Requests.CreateCommand(tenantId, looksAtEach ? Walk : OfRecord);
        command.Parameters.Add(Text(tenantId));
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = upTo });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        command.Parameters.Add(Optional(filter.StreamPrefix, NpgsqlDbType.Varchar));
        command.Parameters.Add(Optional(filter.System is { } system ? StreamIds.Of(system, new RecordId("")) : null, NpgsqlDbType.Varchar));
        command.Parameters.Add(Optional(filter.Types?.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Varchar));
        if (filter.Record is { } record)
        {
            command.Parameters.Add(Text(StreamIds.Of(record)));
            command.Parameters.Add(Text(record.Value));
        }
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<RecordedEvent>();
        while (await reader.ReadAsync(cancellationToken)) events.Add(EventStore.EventStore.Recorded(reader));
        return new(events, events.Count == limit ? events[^1].Position!.Value : upTo);
    }

    private static NpgsqlParameter Optional(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
