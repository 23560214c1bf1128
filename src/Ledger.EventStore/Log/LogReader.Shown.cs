using Ledger.Proof.Bundles;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.EventStore.Log;

/// <summary>Which streams a part of the history leaves out: those that begin with one text, unless they begin with the other.</summary>
public sealed record HiddenStreams(string Prefix, string Except);

public sealed partial class LogReader
{
    private const string IsShown = "($4::varchar is null or s.stream_id is null or not starts_with(s.stream_id, $4) or starts_with(s.stream_id, $5))";

    /// <summary>
    /// Events as they stand now beside what the log holds of them, in order. An event that is gone, or whose leaf is, is not among them:
    /// nothing stands in for it, so whoever verifies misses it.
    /// </summary>
    /// <param name="hidden">Null: every stream.</param>
    public async Task<List<ShownEvent>> ShownAsync(string tenantId, long first, long last, HiddenStreams? hidden, CancellationToken cancellationToken = default)
    {
        var leaves = (await LeavesAsync(tenantId, first, last, cancellationToken)).ToDictionary(leaf => leaf.Position);
        var events = SealedEvents.Command(tenantId, first, last);
        events.CommandText = $"select * from ({events.CommandText}) s where {IsShown} order by s.position";
        Add(events.Parameters, hidden);
        await using var batch = dataSource.CreateBatch(tenantId);
        batch.BatchCommands.Add(events);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var shown = new List<ShownEvent>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (SealedEvents.IsGone(reader) || !leaves.TryGetValue(SealedEvents.Position(reader), out var leaf)) continue;
            shown.Add(new(SealedEvents.Envelope(reader, tenantId, leaf.BodyHash), leaf.Salt, SealedEvents.Body(reader), leaf.Hash));
        }
        return shown;
    }

    /// <summary>The positions <see cref="ShownAsync"/> has to show, in order; one whose event is gone is among them.</summary>
    public async Task<List<long>> ShownPositionsAsync(string tenantId, long first, long last, HiddenStreams? hidden, CancellationToken cancellationToken = default)
    {
        await using var command = dataSource.CreateCommand(tenantId, $"""
            select s.position from (
              select p.position, e.stream_id from ledger.event_positions p left join lateral (select stream_id from ledger.mt_events where seq_id = p.seq_id offset 0) e on true
               where p.tenant_id = $1 and p.position >= $2 and p.position <= $3) s
             where {IsShown} order by s.position
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = first });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = last });
        Add(command.Parameters, hidden);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var positions = new List<long>();
        while (await reader.ReadAsync(cancellationToken)) positions.Add(reader.GetInt64(0));
        return positions;
    }

    /// <summary>Checkpoints spread evenly over the history below a size, smallest first.</summary>
    /// <param name="most">How many at most.</param>
    public Task<List<LogCheckpoint>> SpreadAsync(string tenantId, long below, int most, CancellationToken cancellationToken = default) => CheckpointsAsync("""
        select distinct c.size, c.root, c.note, c.made_at from generate_series(1, $3) as k
          cross join lateral (select * from ledger.log_checkpoints where tenant_id = $1 and size <= $2 * k / ($3 + 1) order by size desc limit 1) c
         order by c.size
        """, tenantId, [below, most], cancellationToken);

    private static void Add(NpgsqlParameterCollection parameters, HiddenStreams? hidden)
    {
        parameters.Add(new() { Value = (object?)hidden?.Prefix ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar });
        parameters.Add(new() { Value = (object?)hidden?.Except ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar });
    }
}
