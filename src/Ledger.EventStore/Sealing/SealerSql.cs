using Npgsql;
using NpgsqlTypes;

namespace Ledger.EventStore.Sealing;

internal readonly record struct UnsealedEvent(long SeqId, string TenantId, bool Sealed, DateTime RecordedAt);

/// <summary>Where a tenant's sealed history ends.</summary>
/// <param name="Latest">The latest recorded time in it.</param>
/// <param name="BackStep">Microseconds: the farthest an event was recorded before the latest of those sealed before it.</param>
internal readonly record struct TenantHead(long Position, DateTime Latest, long BackStep)
{
    public TenantHead With(DateTime recordedAt) => recordedAt >= Latest
        ? new(Position + 1, recordedAt, BackStep)
        : new(Position + 1, Latest, Math.Max(BackStep, (Latest - recordedAt).Ticks / TimeSpan.TicksPerMicrosecond));
}

/// <summary>What a sealed batch writes.</summary>
internal static class SealerSql
{
    public static NpgsqlBatchCommand Positions(long[] sequences, List<UnsealedEvent> events, long[] positions) =>
        new("insert into ledger.event_positions (sequence, seq_id, tenant_id, position) select * from unnest($1::bigint[], $2::bigint[], $3::varchar[], $4::bigint[])")
        {
            Parameters = { Array(sequences), Array(events.Select(row => row.SeqId)), Array(events.Select(row => row.TenantId)), Array(positions) },
        };

    public static NpgsqlBatchCommand Heads(string[] tenants, TenantHead[] heads) =>
        new("""
            insert into ledger.tenant_heads (tenant_id, position, latest, back_step) select * from unnest($1::varchar[], $2::bigint[], $3::timestamptz[], $4::bigint[])
            on conflict (tenant_id) do update set position = excluded.position, latest = excluded.latest, back_step = excluded.back_step
            """)
        {
            Parameters = { Array(tenants), Array(heads.Select(head => head.Position)), Times(heads.Select(head => head.Latest)), Array(heads.Select(head => head.BackStep)) },
        };

    public static NpgsqlBatchCommand Milestones(List<(string TenantId, TenantHead Head)> rows) =>
        new("insert into ledger.recorded_order (tenant_id, position, latest) select * from unnest($1::varchar[], $2::bigint[], $3::timestamptz[])")
        {
            Parameters = { Array(rows.Select(row => row.TenantId)), Array(rows.Select(row => row.Head.Position)), Times(rows.Select(row => row.Head.Latest)) },
        };

    private static NpgsqlParameter<DateTime[]> Times(IEnumerable<DateTime> values) => new() { TypedValue = [.. values], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz };

    private static NpgsqlParameter<T[]> Array<T>(IEnumerable<T> values) => new() { TypedValue = [.. values] };
}
