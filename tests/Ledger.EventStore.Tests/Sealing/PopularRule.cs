namespace Ledger.EventStore.Tests.Sealing;

/// <summary>
/// The recipe found in many places: deliver what was written by transactions older than every open one, ordered by
/// (transaction id, number). Here only to show what it gets wrong.
/// </summary>
internal sealed class PopularRule(LedgerDatabase ledger)
{
    private (long Transaction, long SeqId) _cursor = (-1, -1);

    /// <summary>Versions delivered so far, in the order of delivery.</summary>
    public List<long> Delivered { get; } = [];

    public async Task PollAsync()
    {
        await using var command = ledger.DataSource.CreateCommand("""
            select e.xmin::text::bigint, e.seq_id, e.version from ledger.mt_events e
             where e.xmin::text::bigint < (pg_snapshot_xmin(pg_current_snapshot())::text::numeric % 4294967296)::bigint
               and (e.xmin::text::bigint, e.seq_id) > ($1, $2)
             order by 1, 2
            """);
        command.Parameters.Add(new() { Value = _cursor.Transaction });
        command.Parameters.Add(new() { Value = _cursor.SeqId });
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            _cursor = (reader.GetInt64(0), reader.GetInt64(1));
            Delivered.Add(reader.GetInt64(2));
        }
    }
}
