using Ledger.Domain;
using Ledger.EventStore;
using Npgsql;

namespace Ledger.Projections.Systems;

/// <param name="Offered">Ready and not exported: what a poll would get, also while an attempt is open or has failed.</param>
/// <param name="Failed">Of those, whose last outcome is a failure.</param>
/// <param name="OldestOfferedSince">Since when the longest waiting record has been ready; null when nothing waits.</param>
public sealed record SystemSummary(SystemId System, DateTimeOffset FirstSeenAt, long Offered, long Exported, long Failed, DateTimeOffset? OldestOfferedSince);

/// <summary>Answers how much waits in each system without counting items.</summary>
public sealed class SystemCounts(NpgsqlDataSource dataSource)
{
    public async Task<List<SystemSummary>> ListAsync(string tenantId, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(tenantId, """
            select s.system_id, s.first_seen_at, coalesce(sum(c.offered), 0)::bigint, coalesce(sum(c.exported), 0)::bigint, coalesce(sum(c.failed), 0)::bigint,
                   (select min(p.ready_since) from ledger.pending p where p.tenant_id = s.tenant_id and p.system_id = s.system_id and p.ready_since is not null)
              from ledger.systems s left join ledger.system_counts c on c.tenant_id = s.tenant_id and c.system_id = s.system_id
             where s.tenant_id = $1 group by s.tenant_id, s.system_id order by s.system_id collate "C"
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var systems = new List<SystemSummary>();
        while (await reader.ReadAsync(cancellationToken))
            systems.Add(new(new(reader.GetString(0)), reader.GetFieldValue<DateTimeOffset>(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.Time(5)));
        return systems;
    }
}
