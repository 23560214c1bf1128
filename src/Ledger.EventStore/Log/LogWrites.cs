using Ledger.Proof.Tiles;
using Npgsql;

namespace Ledger.EventStore.Log;

/// <summary>The writes of one flush: few, wide rows.</summary>
internal static class LogWrites
{
    /// <param name="notes">The signed checkpoint of each tenant, in the same order.</param>
    public static void AddTo(NpgsqlBatch batch, IReadOnlyList<TenantLeaves> grown, IReadOnlyList<string> notes)
    {
        string[] tenants = [.. grown.Select(tenant => tenant.TenantId)];
        long[] sizes = [.. grown.Select(tenant => tenant.Tree.Size)];
        var runs = grown.SelectMany(tenant => tenant.Runs.Select(run => (tenant.TenantId, Run: run))).ToList();
        Add(batch, "insert into ledger.log_leaves (tenant_id, first_position, hashes, salts, body_hashes) select * from unnest($1::varchar[], $2::bigint[], $3::bytea[], $4::bytea[], $5::bytea[])",
            runs.Select(run => run.TenantId).ToArray(), runs.Select(run => run.Run.FirstPosition).ToArray(),
            runs.Select(run => run.Run.Hashes).ToArray(), runs.Select(run => run.Run.Salts).ToArray(), runs.Select(run => run.Run.BodyHashes).ToArray());
        foreach (var tenant in grown)
        {
            if (tenant.FilledChunk is { } chunk) AddMerge(batch, tenant.TenantId, chunk);
        }
        var ends = grown.SelectMany(tenant => tenant.Tree.TileEnds.Select(end => (tenant.TenantId, End: end))).ToList();
        if (ends.Count > 0)
            Add(batch, """
                insert into ledger.log_tiles as t (tenant_id, level, tile, hashes) select * from unnest($1::varchar[], $2::smallint[], $3::bigint[], $4::bytea[])
                on conflict (tenant_id, level, tile) do update set hashes = t.hashes || excluded.hashes
                """,
                ends.Select(end => end.TenantId).ToArray(), ends.Select(end => end.End.Level).ToArray(), ends.Select(end => end.End.Tile).ToArray(), ends.Select(end => end.End.Hashes).ToArray());
        Add(batch, """
            insert into ledger.log_heads (tenant_id, size, subtrees) select * from unnest($1::varchar[], $2::bigint[], $3::bytea[])
            on conflict (tenant_id) do update set size = excluded.size, subtrees = excluded.subtrees
            """, tenants, sizes, grown.Select(tenant => tenant.Tree.Subtrees).ToArray());
        Add(batch, "insert into ledger.log_checkpoints (tenant_id, size, root, note) select * from unnest($1::varchar[], $2::bigint[], $3::bytea[], $4::text[])",
            tenants, sizes, grown.Select(tenant => tenant.Tree.Root.ToArray()).ToArray(), notes.ToArray());
    }

    // One chunk per statement: its rows are found by key, whatever the statistics say.
    private static void AddMerge(NpgsqlBatch batch, string tenantId, long firstPosition) => Add(batch, """
        with runs as (delete from ledger.log_leaves where tenant_id = $1 and first_position >= $2 and first_position < $2 + $3 returning first_position, hashes, salts, body_hashes)
        insert into ledger.log_leaves (tenant_id, first_position, hashes, salts, body_hashes)
        select $1, $2, string_agg(hashes, '' order by first_position), string_agg(salts, '' order by first_position), string_agg(body_hashes, '' order by first_position) from runs
        """, tenantId, firstPosition, (long)Tile.FullWidth);

    private static void Add(NpgsqlBatch batch, string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        batch.BatchCommands.Add(command);
    }
}
