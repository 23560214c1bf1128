using Npgsql;
using NpgsqlTypes;

namespace Ledger.EventStore;

/// <param name="Position">The end of the longest prefix of the tenant's history that was recorded up to the moment; 0 when it is empty.</param>
/// <param name="IsFinal">Something recorded later is sealed, so the position can never be another one.</param>
public readonly record struct PositionAt(long Position, bool IsFinal);

/// <summary>
/// From a moment to a position and back. Recorded times follow the order of positions only nearly: a position's moment is the latest recorded time up to it,
/// and a moment's position is the last one whose moment is not later. Both only ever grow, and never change once something later is sealed.
/// </summary>
public sealed class RecordedOrder(NpgsqlDataSource dataSource)
{
    /// <summary>Positions between two rows of <c>ledger.recorded_order</c>: the most events one question reads.</summary>
    public const int Spacing = 256;

    /// <summary>How long a question waits for the sealer; another process needs about a second to take over from a leader that died.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Unsealed committed events of tenant $1, as <c>e</c>. Rolled back and open numbers above the settled floor cost an empty look each.</summary>
    /// <remarks>Number by number: as a range of them, the policy of the table (docs/adr/0020) would have all of the tenant's history read and sorted.</remarks>
    public const string Unsealed = """
        (select e.* from generate_series((select settled_seq_id + 1 from ledger.sealer), pg_sequence_last_value('ledger.mt_events_sequence')) n (seq_id)
          cross join lateral (select seq_id, tenant_id, "timestamp" from ledger.mt_events where seq_id = n.seq_id offset 0) e) e
          left join lateral (select true as sealed from ledger.event_positions where seq_id = e.seq_id offset 0) p on true
         where e.tenant_id = $1 and p.sealed is null
        """;

    // The milestone as a value: compared to an expression, a position would not be looked up beside the policy of its table (docs/adr/0020).
    private static readonly string AtTime = $"""
        with milestone as (
          select coalesce((select position from ledger.recorded_order where tenant_id = $1 and latest <= $2 order by latest desc, position desc limit 1), 0) as position)
        select (select p.position from ledger.event_positions p cross join lateral (select "timestamp" from ledger.mt_events where seq_id = p.seq_id offset 0) e
                 where p.tenant_id = $1 and p.position > (select position from milestone) and p.position <= (select position from milestone) + {Spacing} and e."timestamp" > $2 order by p.position limit 1),
               coalesce((select position from ledger.tenant_heads where tenant_id = $1), 0)
        """;

    private static readonly string OfPosition = $"""
        select greatest(
          (select latest from ledger.recorded_order where tenant_id = $1 and position = $2 / {Spacing} * {Spacing}),
          (select max(e."timestamp") from ledger.event_positions p cross join lateral (select "timestamp" from ledger.mt_events where seq_id = p.seq_id offset 0) e
            where p.tenant_id = $1 and p.position > $2 / {Spacing} * {Spacing} and p.position <= $2))
        """;

    /// <param name="time">An event recorded at exactly this time belongs to the prefix.</param>
    public async Task<PositionAt> PositionAtAsync(string tenantId, DateTimeOffset time, CancellationToken cancellationToken = default)
    {
        await using var batch = dataSource.CreateBatch(tenantId);
        batch.BatchCommands.Add(PositionAt(tenantId, time));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await ReadPositionAsync(reader, cancellationToken);
    }

    /// <summary>The question of <see cref="PositionAtAsync"/>, to go along with others.</summary>
    public static NpgsqlBatchCommand PositionAt(string tenantId, DateTimeOffset time) => new(AtTime)
    {
        Parameters = { new NpgsqlParameter<string> { TypedValue = tenantId }, new NpgsqlParameter<DateTime> { TypedValue = time.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz } },
    };

    /// <summary>The answer to <see cref="PositionAt"/>.</summary>
    public static async Task<PositionAt> ReadPositionAsync(NpgsqlDataReader reader, CancellationToken cancellationToken = default)
    {
        await reader.ReadAsync(cancellationToken);
        return reader.IsDBNull(0) ? new(reader.GetInt64(1), IsFinal: false) : new(reader.GetInt64(0) - 1, IsFinal: true);
    }

    /// <summary>The latest recorded time up to a sealed position; null at position 0.</summary>
    public async Task<DateTimeOffset?> MomentOfAsync(string tenantId, long position, CancellationToken cancellationToken = default)
    {
        await using var batch = dataSource.CreateBatch(tenantId);
        batch.BatchCommands.Add(MomentOf(tenantId, position));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await ReadMomentAsync(reader, cancellationToken);
    }

    /// <summary>The question of <see cref="MomentOfAsync"/>, to go along with others.</summary>
    public static NpgsqlBatchCommand MomentOf(string tenantId, long position) => new(OfPosition)
    {
        Parameters = { new NpgsqlParameter<string> { TypedValue = tenantId }, new NpgsqlParameter<long> { TypedValue = position } },
    };

    /// <summary>The answer to <see cref="MomentOf"/>.</summary>
    public static async Task<DateTimeOffset?> ReadMomentAsync(NpgsqlDataReader reader, CancellationToken cancellationToken = default)
    {
        await reader.ReadAsync(cancellationToken);
        return reader.IsDBNull(0) ? null : reader.GetFieldValue<DateTimeOffset>(0);
    }

    /// <summary>Waits until whatever the tenant had committed before the call is sealed: as a rule some milliseconds.</summary>
    /// <returns>False when the sealer did not get there within <see cref="Patience"/>.</returns>
    public async Task<bool> WaitUntilSealedAsync(string tenantId, CancellationToken cancellationToken = default)
    {
        var last = await LastUnsealedAsync(tenantId, long.MaxValue, cancellationToken);
        for (var waited = TimeSpan.Zero; last is { } bound; waited += Pause)
        {
            if (waited >= Patience) return false;
            await Task.Delay(Pause, cancellationToken);
            last = await LastUnsealedAsync(tenantId, bound, cancellationToken);
        }
        return true;
    }

    private async Task<long?> LastUnsealedAsync(string tenantId, long upTo, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(tenantId, $"select max(e.seq_id) from {Unsealed} and e.seq_id <= $2");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = upTo });
        return await command.ExecuteScalarAsync(cancellationToken) is long last ? last : null;
    }
}
