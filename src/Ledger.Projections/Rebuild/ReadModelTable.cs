using Npgsql;

namespace Ledger.Projections.Rebuild;

/// <summary>One read model: how the rows that are kept inline are compared with the replayed ones, and made equal to them.</summary>
/// <param name="Key">The primary key: a row is found by it, whatever else differs.</param>
internal sealed record ReadModelTable(string Name, string Key)
{
    /// <summary>Differing rows told one by one; the others are counted.</summary>
    private const int ExamplesOfAKind = 25;

    // How counts are spread over slots says nothing, only their sums do.
    private const string KeptCounts = """
        (select tenant_id, system_id, sum(offered)::bigint as offered, sum(exported)::bigint as exported, sum(failed)::bigint as failed
           from ledger.system_counts group by 1, 2 having (sum(offered), sum(exported), sum(failed)) <> (0, 0, 0))
        """;

    private const string ReplayedCounts = "(select tenant_id, system_id, offered, exported, failed from replay_system_counts where (offered, exported, failed) <> (0, 0, 0))";

    // A bound may be higher than it has to be, and there may be more of them.
    private const string KeptBlocks = """
        (select tenant_id, system_id, level, block, least(k.newest, r.newest) as newest from ledger.number_blocks k join replay_number_blocks r using (tenant_id, system_id, level, block))
        """;

    public static IReadOnlyList<ReadModelTable> All { get; } =
    [
        new("records", "tenant_id, record_id"), new("items", "tenant_id, system_id, record_id"), new("attempts", "tenant_id, attempt_id"), new("jobs", "tenant_id, job_id"),
        new("integrations", "tenant_id, integration_id"), new("pending", "tenant_id, system_id, number"), new("system_counts", "tenant_id, system_id"),
        new("number_blocks", "tenant_id, system_id, level, block"),
    ];

    /// <summary>Its rows were compared with the replayed ones file by file: what is in <c>kept_…</c> and <c>replay_…</c> is only what was not the same in every byte.</summary>
    public bool IsByRecord => ComparedRows.All.Any(kept => kept.Name == Name);

    private string Kept => Name switch { "system_counts" => KeptCounts, "number_blocks" => KeptBlocks, _ => IsByRecord ? $"kept_{Name}" : $"ledger.{Name}" };
    private string Replayed => Name == "system_counts" ? ReplayedCounts : $"replay_{Name}";

    /// <summary>Rows that are not on both sides with the same values in every column; found by one pass over both.</summary>
    /// <param name="kept">How many rows are kept, where that is known already.</param>
    public async Task<ReadModelComparison> CompareAsync(NpgsqlConnection connection, long? kept, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"""
            with different as materialized (
              select k as kept, r as replayed, k.tenant_id is not null as has_kept, r.tenant_id is not null as has_replayed
                from {Kept} k full join {Replayed} r on {SameKey} where k.* is distinct from r.*)
            select {(kept is null ? $"(select count(*) from {Kept} k)" : $"{kept}::bigint")}, (select count(*) from different where has_replayed), (select count(*) from different where has_kept), d.kind, d.row::text,
                   coalesce((select max(p.position) from unnest({DifferingRow.StreamsOf(Name)}) as s (id)
                               join ledger.mt_events e on e.tenant_id = d.row ->> 'tenant_id' and e.stream_id = s.id join ledger.event_positions p on p.seq_id = e.seq_id),
                            (select position from ledger.tenant_heads where tenant_id = d.row ->> 'tenant_id' and {DifferingRow.StreamsOf(Name)} is null))
              from (select) one left join lateral (
                     (select 'missing' as kind, to_jsonb(replayed) as row from different where has_replayed limit {ExamplesOfAKind})
                     union all (select 'unexpected', to_jsonb(kept) from different where has_kept limit {ExamplesOfAKind})) d on true
            """, connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (rows, missing, unexpected) = (0L, 0L, 0L);
        var examples = new List<DifferingRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            (rows, missing, unexpected) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
            if (!reader.IsDBNull(3)) examples.Add(new(reader.GetString(3), reader.GetString(4), reader.IsDBNull(5) ? null : reader.GetInt64(5)));
        }
        return new(Name, rows, missing, unexpected, examples);
    }

    /// <summary>Replaces the rows that differ; those that are right already stay where they are.</summary>
    public string Replace => Name == "system_counts"
        ? "delete from ledger.system_counts; insert into ledger.system_counts select * from replay_system_counts;"
        : $"""
          delete from ledger.{Name} k {(IsByRecord ? $"using replay_scope_{Name} s where {Scoped} and" : "where")} not exists (select 1 from replay_{Name} r where {SameKey} and r.* is not distinct from k.*);
          insert into ledger.{Name} select r.* from replay_{Name} r where not exists (select 1 from ledger.{Name} k where {SameKey});
          """;

    private string Scoped => string.Join(" and ", Key.Split(", ").Select(column => $"s.{column} = k.{column}"));

    private string SameKey => string.Join(" and ", Key.Split(", ").Select(column => $"k.{column} = r.{column}"));
}
