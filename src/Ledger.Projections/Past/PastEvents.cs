using Ledger.Domain;
using Ledger.EventStore;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Past;

internal sealed record PastEvent(long Position, object Event, DateTimeOffset RecordedAt);

/// <summary>Reads whole streams up to a position, many at a time. Such a read is never out of date: no event can appear at or below a sealed position.</summary>
internal sealed class PastEvents(NpgsqlConnection connection, string tenantId)
{
    // Row by row through the keys, whatever the statistics say.
    private const string Sql = """
        select s.id, p.position, e.type, e."timestamp", e.data
          from unnest($2::varchar[]) as s (id)
         cross join lateral (select * from ledger.mt_events where tenant_id = $1 and stream_id = s.id offset 0) e
         cross join lateral (select position from ledger.event_positions where seq_id = e.seq_id offset 0) p
         where p.position <= $3 order by e.version
        """;

    /// <returns>The events of each stream, oldest first; a stream without events up to the position has no entry.</returns>
    public async Task<Dictionary<string, List<PastEvent>>> ReadAsync(IEnumerable<string> streamIds, long upToPosition, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Tenancy.ActFor(tenantId),
                new(Sql)
                {
                    Parameters =
                    {
                        new NpgsqlParameter<string> { TypedValue = tenantId },
                        new NpgsqlParameter<string[]> { TypedValue = [.. streamIds.Distinct(StringComparer.Ordinal)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar },
                        new NpgsqlParameter<long> { TypedValue = upToPosition },
                    },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var streams = new Dictionary<string, List<PastEvent>>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = reader.GetString(0);
            if (!streams.TryGetValue(id, out var events)) streams.Add(id, events = []);
            events.Add(new(reader.GetInt64(1), EventTypes.Deserialize(reader.GetString(2), reader.GetFieldValue<byte[]>(4)), reader.GetFieldValue<DateTimeOffset>(3)));
        }
        return streams;
    }
}
