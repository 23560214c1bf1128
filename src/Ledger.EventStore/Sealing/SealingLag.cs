using Npgsql;

namespace Ledger.EventStore.Sealing;

/// <summary>How far sealing is behind: what probes and measurements ask again and again, so it costs what is not sealed and not what is.</summary>
public static class SealingLag
{
    // By key from the settled floor on: as a join of the two tables it was planned as a walk through both. The clock is read behind the
    // snapshot and before the rows: an upper bound, whose excess is not the time the question takes.
    private const string Oldest = """
        with looked as materialized (select clock_timestamp() as at)
        select extract(epoch from (select at from looked) - min(e."timestamp"))::float8
          from (select seq_id, "timestamp" from ledger.mt_events where seq_id > (select settled_seq_id from ledger.sealer) order by seq_id offset 0) e
          left join lateral (select true as sealed from ledger.event_positions where seq_id = e.seq_id offset 0) p on true
         where p.sealed is null
        """;

    /// <returns>The age of the oldest committed event that is not sealed, from its recorded time on; zero when there is none.</returns>
    public static async Task<TimeSpan> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken = default)
    {
        await using var command = new NpgsqlCommand(Oldest, connection);
        return TimeSpan.FromSeconds(await command.ExecuteScalarAsync(cancellationToken) is double age ? Math.Max(0, age) : 0);
    }
}
