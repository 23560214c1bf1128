using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.EventStore;

/// <summary>Builds the one statement of an append. Its text never varies, so its plan is prepared once; what it does is <c>ledger.append</c> in Schema/0001.</summary>
internal static class AppendCommand
{
    private const string Sql = "select ledger.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";

    public static NpgsqlBatchCommand Create(string tenantId, EventMetadata metadata, IReadOnlyList<StreamAppend> streams, DateTimeOffset? clockOverride)
    {
        ArgumentOutOfRangeException.ThrowIfZero(streams.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(streams.Count, EventStore.MaxStreamsPerAppend);
        var eventCount = streams.Sum(stream => stream.Events.Count);
        ArgumentOutOfRangeException.ThrowIfZero(eventCount);

        var ids = new string[streams.Count];
        var types = new string[streams.Count];
        var expected = new long[streams.Count];
        var added = new long[streams.Count];
        var eventIds = new Guid[eventCount];
        var eventStreams = new string[eventCount];
        var versions = new long[eventCount];
        var eventTypes = new string[eventCount];
        var dotNetTypes = new string[eventCount];
        var data = new byte[eventCount][];
        var named = new HashSet<string>(streams.Count, StringComparer.Ordinal);
        var next = 0;
        for (var index = 0; index < streams.Count; index++)
        {
            var stream = streams[index];
            ArgumentOutOfRangeException.ThrowIfNegative(stream.ExpectedVersion);
            // Reported as a conflict this would be retried for ever: no reload can make both mentions right.
            if (!named.Add(stream.StreamId)) throw new ArgumentException($"Stream {stream.StreamId} is named twice.", nameof(streams));
            if (stream.Events.Count == 0 && stream.ExpectedVersion == 0) throw new ArgumentException($"Stream {stream.StreamId} neither exists nor gets an event.", nameof(streams));
            (ids[index], types[index], expected[index], added[index]) = (stream.StreamId, stream.StreamType, stream.ExpectedVersion, stream.Events.Count);
            for (var offset = 0; offset < stream.Events.Count; offset++, next++)
            {
                var @event = stream.Events[offset];
                (eventIds[next], eventStreams[next], versions[next]) = (@event.Id, stream.StreamId, stream.ExpectedVersion + offset + 1);
                (eventTypes[next], dotNetTypes[next], data[next]) = (@event.Type, @event.DotNetType, @event.Data);
            }
        }
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
                new NpgsqlParameter<Guid[]> { TypedValue = eventIds },
                new NpgsqlParameter<string[]> { TypedValue = eventStreams },
                new NpgsqlParameter<long[]> { TypedValue = versions },
                new NpgsqlParameter<string[]> { TypedValue = eventTypes },
                new NpgsqlParameter<string[]> { TypedValue = dotNetTypes },
                new NpgsqlParameter<byte[][]> { TypedValue = data, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
                new NpgsqlParameter<string> { TypedValue = metadata.CorrelationId },
                new NpgsqlParameter { Value = (object?)metadata.CausationId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar },
                new NpgsqlParameter<byte[]> { TypedValue = Headers(metadata), NpgsqlDbType = NpgsqlDbType.Jsonb },
            },
        };
    }

    private static byte[] Headers(EventMetadata metadata) =>
        JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>(2) { ["actor"] = metadata.Actor, ["dialect"] = metadata.Dialect });
}
