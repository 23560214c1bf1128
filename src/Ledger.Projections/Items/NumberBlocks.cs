using Npgsql;
using static Ledger.Projections.Writing.Parameters;

namespace Ledger.Projections.Items;

/// <summary>
/// Keeps <c>number_blocks</c>: for every block of 64, 64² and 64³ record numbers, a time after which nothing in it was exported. What was exported
/// since a time is then found without reading what was exported before it. See docs/adr/0014.
/// </summary>
internal static class NumberBlocks
{
    private const int Levels = 3;
    private const int BitsPerLevel = 6;

    // Read first: "on conflict" locks the row it meets even if it then changes nothing, and a block is already up to date in all
    // but the first export of a minute. Rows that must change are locked in key order. Looked up row by row, whatever the statistics say.
    private const string Raise = """
        insert into ledger.number_blocks as kept (tenant_id, system_id, level, block, newest)
        select $1, u.system_id, u.level, u.block, ledger.next_minute(ledger.recorded_at())
          from unnest($2::varchar[], $3::int[], $4::bigint[]) as u (system_id, level, block)
          left join lateral (
            select k.newest from ledger.number_blocks k where k.tenant_id = $1 and k.system_id = u.system_id and k.level = u.level and k.block = u.block offset 0) k on true
         where k.newest is null or k.newest < ledger.next_minute(ledger.recorded_at())
         order by u.system_id, u.level, u.block
        on conflict (tenant_id, system_id, level, block) do update set newest = greatest(kept.newest, excluded.newest)
        """;

    /// <remarks>The last write of a transaction: its locks are held for the shortest time, and come after all others.</remarks>
    public static void AddTo(NpgsqlBatch batch, string tenantId, IReadOnlyList<ItemChange> changes)
    {
        var blocks = new HashSet<(string System, int Level, long Block)>();
        foreach (var change in changes)
        {
            if (change.Before.IsExported || !change.After.IsExported) continue;
            for (var level = 1; level <= Levels; level++) blocks.Add((change.System.Value, level, change.Number >> (BitsPerLevel * level)));
        }
        if (blocks.Count == 0) return;
        List<(string System, int Level, long Block)> rows = [.. blocks];
        batch.BatchCommands.Add(new(Raise) { Parameters = { Text(tenantId), Texts(rows, row => row.System), Ints(rows, row => row.Level), Longs(rows, row => row.Block) } });
    }
}
