using Ledger.Proof.Events;
using Ledger.Proof.Tree;
using Npgsql;

namespace Ledger.EventStore.Log;

/// <summary>Reads sealed events as the log sees them: the whole envelope and the body, in the order of position, one at a time.</summary>
internal static class SealedEvents
{
    // A number whose event is gone comes back without an event, so that nobody takes the next one for it. "offset 0": row by row, by key.
    private const string Sql = """
        select p.position, e.id, e.stream_id, e.version, e.type, e."timestamp", e.correlation_id, e.causation_id, e.headers, e.data
          from ledger.event_positions p left join lateral (select * from ledger.mt_events where seq_id = p.seq_id offset 0) e on true
         where p.tenant_id = $1 and p.position >= $2 and p.position <= $3 order by p.position
        """;

    /// <summary>The events at positions <paramref name="first"/> to <paramref name="last"/> of one tenant.</summary>
    public static NpgsqlBatchCommand Command(string tenantId, long first, long last) => new(Sql)
    {
        Parameters = { new NpgsqlParameter<string> { TypedValue = tenantId }, new NpgsqlParameter<long> { TypedValue = first }, new NpgsqlParameter<long> { TypedValue = last } },
    };

    public static long Position(NpgsqlDataReader row) => row.GetInt64(0);

    public static bool IsGone(NpgsqlDataReader row) => row.IsDBNull(1);

    public static byte[] Body(NpgsqlDataReader row) => row.GetFieldValue<byte[]>(9);

    /// <param name="bodyHash">What the leaf says of the body: computed when the leaf is made, kept from then on.</param>
    public static EventEnvelope Envelope(NpgsqlDataReader row, string tenantId, in Digest bodyHash) => new(
        TenantId: tenantId, Position: row.GetInt64(0), EventId: row.GetGuid(1), StreamId: row.GetString(2), Version: row.GetInt64(3), Type: row.GetString(4),
        RecordedAt: row.GetFieldValue<DateTimeOffset>(5), CorrelationId: row.IsDBNull(6) ? null : row.GetString(6), CausationId: row.IsDBNull(7) ? null : row.GetString(7),
        Headers: row.IsDBNull(8) ? default : row.GetFieldValue<byte[]>(8), BodyHash: bodyHash);
}
