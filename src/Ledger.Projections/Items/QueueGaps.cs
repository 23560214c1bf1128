using Npgsql;

namespace Ledger.Projections.Items;

/// <summary>
/// Finds runs of numbers that hold nothing offered any more but the index entries of deleted rows, so that pages skip them (docs/adr/0014). Vacuum removes those
/// entries, but a minute later, and not at all while somebody holds an old snapshot. Any number of processes may run this at once.
/// </summary>
public sealed class QueueGaps(NpgsqlDataSource dataSource)
{
    /// <summary>How often to look. What is exported in between is what a page may have to read past.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Blocks of 512 numbers looked at in one pass. Chosen at random: blocks that are not empty must not hide those that are.</summary>
    private const int BlocksPerPass = 512;

    /// <summary>Fewer deleted rows than this in all queues are not worth a gap; vacuum has been there.</summary>
    private const int FewDeleted = 1_000;

    // Only where something was exported in the last minutes can entries of deleted rows lie that are not known yet.
    private const string Note = """
        insert into ledger.queue_gaps (tenant_id, system_id, block)
        select c.tenant_id, c.system_id, c.block from (
          select b.tenant_id, b.system_id, part.block
            from ledger.number_blocks b join ledger.systems s on s.tenant_id = b.tenant_id and s.system_id = b.system_id and s.offered_through is null
           cross join lateral generate_series(b.block << 3, b.block << 3 | 7) as part (block)
           where b.level = 2 and b.newest > now() - interval '1 minute'
             and not exists (select from ledger.queue_gaps g where g.tenant_id = b.tenant_id and g.system_id = b.system_id and g.block = part.block)
           order by random() limit $1) c
          left join lateral (
            select true as found from ledger.pending p
             where p.tenant_id = c.tenant_id and p.system_id = c.system_id and p.ready_since is not null and p.number between c.block << 9 and c.block << 9 | 511 limit 1) live on true
         where live.found is null
         order by c.tenant_id, c.system_id, c.block   -- side by side on disk, as they are read
        on conflict do nothing
        """;

    // This statement sees the gaps, and then draws a transaction id: whoever offered a record without seeing them has a lower one.
    // Not the snapshot's xmax, which ids in flight can be above.
    private const string Bar = """
        update ledger.queue_gaps g set barrier = pg_current_xact_id()
          from (select tenant_id, system_id, block from ledger.queue_gaps where barrier is null for update skip locked) n
         where g.tenant_id = n.tenant_id and g.system_id = n.system_id and g.block = n.block
        """;

    // Everybody who might have offered a record without seeing the gap has ended: what such a writer left is in this snapshot. A barrier ahead of all
    // transactions comes from the server this database was restored from.
    private const string Confirm = """
        update ledger.queue_gaps g set confirmed = true
          from (select tenant_id, system_id, block from ledger.queue_gaps
                 where not confirmed and (barrier <= pg_snapshot_xmin(pg_current_snapshot()) or barrier > pg_snapshot_xmax(pg_current_snapshot())) for update skip locked) n
          left join lateral (
            select true as found from ledger.pending p
             where p.tenant_id = n.tenant_id and p.system_id = n.system_id and p.ready_since is not null and p.number between n.block << 9 and n.block << 9 | 511 limit 1) live on true
         where live.found is null and g.tenant_id = n.tenant_id and g.system_id = n.system_id and g.block = n.block
        """;

    private const string Retire = """
        delete from ledger.queue_gaps g
         using (select tenant_id, system_id, block from ledger.queue_gaps where noted_at < now() - interval '2 minutes' for update skip locked) n
         where g.tenant_id = n.tenant_id and g.system_id = n.system_id and g.block = n.block
           and (select n_dead_tup from pg_stat_user_tables where relid = 'ledger.pending'::regclass) < $1
        """;

    /// <returns>Gaps found in this pass.</returns>
    public async Task<int> RefreshAsync(CancellationToken cancellationToken = default)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, Note, cancellationToken, BlocksPerPass);
        await ExecuteAsync(connection, Bar, cancellationToken);
        var found = await ExecuteAsync(connection, Confirm, cancellationToken);
        await ExecuteAsync(connection, Retire, cancellationToken, FewDeleted);
        return found;
    }

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params int[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = value });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
