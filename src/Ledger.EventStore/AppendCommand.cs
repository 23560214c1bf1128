using System.Buffers;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.EventStore;

/// <summary>Builds the one statement of an append. Its text never varies, so its plan is prepared once; what it does is <c>ledger.append</c> in Schema/0005.</summary>
internal static class AppendCommand
{
    // Names the tenant to row-level security on its way; set_config answers what it has set.
    private const string Sql = "select ledger.append(set_config('ledger.tenant', $1, true)::varchar, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";

    public static NpgsqlBatchCommand Create(string tenantId, IReadOnlyList<AppendPart> parts, DateTimeOffset? clockOverride)
    {
        var (streams, owners) = Merge(parts);
        var eventCount = 0;
        for (var index = 0; index < streams.Count; index++) eventCount += streams[index].Events.Count;
        ArgumentOutOfRangeException.ThrowIfZero(eventCount);

        var ids = new string[streams.Count];
        var types = new string[streams.Count];
        var expected = new long[streams.Count];
        var added = new long[streams.Count];
        for (var index = 0; index < ids.Length; index++)
            (ids[index], types[index], expected[index], added[index]) = (streams[index].StreamId, streams[index].StreamType, streams[index].ExpectedVersion, streams[index].Events.Count);

        var columns = new EventColumns(eventCount);
        for (var index = 0; index < streams.Count; index++) columns.Add(streams[index], writer: owners[index] + 1);

        var correlations = new string[parts.Count];
        var causations = new string?[parts.Count];
        var headers = new byte[parts.Count][];
        for (var index = 0; index < headers.Length; index++)
            (correlations[index], causations[index], headers[index]) = (parts[index].Metadata.CorrelationId, parts[index].Metadata.CausationId, Headers(parts[index].Metadata));
        return new NpgsqlBatchCommand(Sql)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = tenantId },
                new NpgsqlParameter<string[]> { TypedValue = ids },
                new NpgsqlParameter<string[]> { TypedValue = types },
                new NpgsqlParameter<long[]> { TypedValue = expected },
                new NpgsqlParameter<long[]> { TypedValue = added },
                new NpgsqlParameter { Value = (object?)clockOverride?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
                new NpgsqlParameter<Guid[]> { TypedValue = columns.Ids },
                new NpgsqlParameter<string[]> { TypedValue = columns.Streams },
                new NpgsqlParameter<long[]> { TypedValue = columns.Versions },
                new NpgsqlParameter<string[]> { TypedValue = columns.Types },
                new NpgsqlParameter<string[]> { TypedValue = columns.DotNetTypes },
                new NpgsqlParameter<byte[][]> { TypedValue = columns.Data, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
                new NpgsqlParameter<int[]> { TypedValue = columns.Writers },
                new NpgsqlParameter<string[]> { TypedValue = correlations },
                new NpgsqlParameter<string?[]> { TypedValue = causations, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar },
                new NpgsqlParameter<byte[][]> { TypedValue = headers, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
            },
        };
    }

    /// <summary>All streams of the parts in their order, each with the index of its part. A stream that several parts only hold, at the same version, is held once.</summary>
    private static (IReadOnlyList<StreamAppend> Streams, int[] Parts) Merge(IReadOnlyList<AppendPart> parts)
    {
        var count = 0;
        for (var index = 0; index < parts.Count; index++) count += parts[index].Streams.Count;
        ArgumentOutOfRangeException.ThrowIfZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, EventStore.MaxStreamsPerAppend);
        var named = new Dictionary<string, StreamAppend>(count, StringComparer.Ordinal);
        var streams = new List<StreamAppend>(count);
        var owners = new int[count];
        for (var index = 0; index < parts.Count; index++)
        {
            foreach (var stream in parts[index].Streams)
            {
                ArgumentOutOfRangeException.ThrowIfNegative(stream.ExpectedVersion, nameof(parts));
                if (stream.Events.Count == 0 && stream.ExpectedVersion == 0) throw new ArgumentException($"Stream {stream.StreamId} neither exists nor gets an event.", nameof(parts));
                if (!named.TryAdd(stream.StreamId, stream))
                {
                    var first = named[stream.StreamId];
                    if (first.Events.Count + stream.Events.Count == 0 && first.ExpectedVersion == stream.ExpectedVersion) continue;
                    // Reported as a conflict this would be retried for ever: no reload can make both mentions right.
                    throw new ArgumentException($"Stream {stream.StreamId} is named twice.", nameof(parts));
                }
                owners[streams.Count] = index;
                streams.Add(stream);
            }
        }
        return (streams, owners);
    }

    private static byte[] Headers(EventMetadata metadata)
    {
        var buffer = new ArrayBufferWriter<byte>(96);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("actor"u8, metadata.Actor);
            json.WriteString("dialect"u8, metadata.Dialect);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>One array per column of the events, one element per event.</summary>
    private sealed class EventColumns(int count)
    {
        private int _next;

        public Guid[] Ids { get; } = new Guid[count];
        public string[] Streams { get; } = new string[count];
        public long[] Versions { get; } = new long[count];
        public string[] Types { get; } = new string[count];
        public string[] DotNetTypes { get; } = new string[count];
        public byte[][] Data { get; } = new byte[count][];
        public int[] Writers { get; } = new int[count];

        public void Add(StreamAppend stream, int writer)
        {
            for (var offset = 0; offset < stream.Events.Count; offset++, _next++)
            {
                var @event = stream.Events[offset];
                (Ids[_next], Streams[_next], Versions[_next], Writers[_next]) = (@event.Id, stream.StreamId, stream.ExpectedVersion + offset + 1, writer);
                (Types[_next], DotNetTypes[_next], Data[_next]) = (@event.Type, @event.DotNetType, @event.Data);
            }
        }
    }
}
