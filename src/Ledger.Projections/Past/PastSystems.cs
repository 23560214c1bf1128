using Ledger.Domain;
using Ledger.EventStore;
using Npgsql;

namespace Ledger.Projections.Past;

/// <param name="FirstPosition">Of the first thing that happened in it.</param>
internal sealed record PastSystem(SystemId System, DateTimeOffset FirstSeenAt, bool IsFilled, long FirstPosition);

/// <summary>Tells the systems in which something had happened up to a position. A system's row knows where its first event cannot be; from there the history is read once.</summary>
internal static class PastSystems
{
    // The first event follows its system's row at once, so this reads a handful of events; a system in which nothing has happened remembers how far it was looked for.
    private const string Look = """
        with looked as materialized (
          select s.system_id,
                 (select p.position
                    from (select position, seq_id from ledger.event_positions where tenant_id = $1 and position > s.after_position and position <= $2 order by position offset 0) p
                   cross join lateral (select stream_id from ledger.mt_events where seq_id = p.seq_id offset 0) e
                   where starts_with(e.stream_id, 'item/' || replace(replace(s.system_id, '%', '%25'), '/', '%2F') || '/') order by p.position limit 1) as position
            from ledger.systems s where s.tenant_id = $1 and s.first_position is null and s.after_position < $2)
        update ledger.systems s set first_position = l.position, after_position = case when l.position is null then $2 else s.after_position end
          from looked l where s.tenant_id = $1 and s.system_id = l.system_id and s.after_position < $2 and s.first_position is null
        """;

    private const string Known = """
        select system_id, first_seen_at, offered_through is null, first_position from ledger.systems where tenant_id = $1 and first_position <= $2 order by system_id collate "C"
        """;

    /// <summary>To be called before the systems are read from a snapshot.</summary>
    public static async Task LookAsync(NpgsqlDataSource dataSource, string tenantId, long position, CancellationToken cancellationToken)
    {
        await using var batch = dataSource.CreateBatch(tenantId);
        batch.BatchCommands.Add(new(Look) { Parameters = { new NpgsqlParameter<string> { TypedValue = tenantId }, new NpgsqlParameter<long> { TypedValue = position } } });
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <returns>In the order of their ids' bytes.</returns>
    public static Task<List<PastSystem>> KnownAsync(PastSnapshot snapshot, CancellationToken cancellationToken) => snapshot.ListAsync(
        Known, row => new PastSystem(new(row.GetString(0)), row.GetFieldValue<DateTimeOffset>(1), row.GetBoolean(2), row.GetInt64(3)), cancellationToken,
        new NpgsqlParameter<long> { TypedValue = snapshot.Position });
}
