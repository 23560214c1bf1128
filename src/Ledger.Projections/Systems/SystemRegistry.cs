using System.Collections.Concurrent;
using Ledger.Domain;
using Ledger.EventStore;
using Npgsql;

namespace Ledger.Projections.Systems;

/// <summary>
/// The systems of each tenant. A system becomes known by the first thing that happens in it; from then on it has a queue
/// of its own (<c>pending</c>). Reading a system nobody has written to yet makes nothing known: a typo leaves no trace.
/// </summary>
/// <param name="chunk">Records put into a new system's queue in one transaction; reports of the tenant wait that long at most.</param>
/// <param name="requests">Where a system becomes known, see <see cref="LedgerDataSource.CreateForRequests"/>; null: <paramref name="dataSource"/>, which fills the queues of all tenants.</param>
public class SystemRegistry(NpgsqlDataSource dataSource, int chunk = SystemRegistry.DefaultChunk, NpgsqlDataSource? requests = null)
{
    public const int DefaultChunk = 10_000;

    private const string Alone = "select pg_advisory_xact_lock(hashtextextended('ledger.queue/' || $1, 0))";

    // Nothing can happen in the system before this commits, so nothing that is sealed already has.
    private const string Add = """
        insert into ledger.systems (tenant_id, system_id, offered_through, after_position)
        values ($1, $2, 0, coalesce((select position from ledger.tenant_heads where tenant_id = $1), 0)) on conflict do nothing
        """;

    private readonly ConcurrentDictionary<(string, SystemId), bool> _known = new();

    /// <summary>Raised when a new system's queue was not filled at once.</summary>
    public event Action? FillingNeeded;

    /// <summary>Whether this process has seen the system; false says nothing.</summary>
    public virtual bool IsKnown(string tenantId, SystemId system) => _known.ContainsKey((tenantId, system));

    /// <summary>Makes a system known. The first chunk of its queue is filled at once; the rest by <see cref="FillAsync"/>.</summary>
    public virtual async ValueTask EnsureKnownAsync(string tenantId, SystemId system, CancellationToken cancellationToken)
    {
        if (IsKnown(tenantId, system)) return;
        await using var connection = await (requests ?? dataSource).OpenConnectionAsync(cancellationToken);
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            // The tenant stays named until the transaction ends.
            await using (var alone = new NpgsqlBatch(connection) { BatchCommands = { Tenancy.ActFor(tenantId), new(Alone) { Parameters = { new NpgsqlParameter<string> { TypedValue = tenantId } } } } })
                await alone.ExecuteNonQueryAsync(cancellationToken);
            var added = await ExecuteAsync(connection, Add, cancellationToken, tenantId, system.Value);
            if (added > 0 && !await FillChunkAsync(connection, tenantId, system.Value, cancellationToken)) FillingNeeded?.Invoke();
            await transaction.CommitAsync(cancellationToken);
        }
        _known[(tenantId, system)] = true;
    }

    /// <summary>Fills the queues of new systems, chunk by chunk. Safe to run in several processes: each chunk is taken alone.</summary>
    public async Task FillAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        while (await NextUnfilledAsync(connection, cancellationToken) is var (tenantId, systemId))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await ExecuteAsync(connection, Alone, cancellationToken, tenantId);
            await FillChunkAsync(connection, tenantId, systemId, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
    }

    // Runs alone in its tenant: no record or item of it is in flight, so what is not exported now is what must be queued.
    private async Task<bool> FillChunkAsync(NpgsqlConnection connection, string tenantId, string systemId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"""
            with chunk as materialized (
              select r.number, r.record_id, r.ready_since from ledger.records r, ledger.systems s
               where r.tenant_id = $1 and s.tenant_id = $1 and s.system_id = $2 and r.number > s.offered_through order by r.number limit {chunk}),
            queued as (
              insert into ledger.pending (tenant_id, system_id, number, record_id, ready_since, touched)
              select $1, $2, c.number, c.record_id, c.ready_since, i.record_id is not null
                from chunk c left join ledger.items i on i.tenant_id = $1 and i.system_id = $2 and i.record_id = c.record_id
               where i.exported_since is null
              on conflict do nothing returning ready_since),
            counted as (
              insert into ledger.system_counts (tenant_id, system_id, slot, offered, exported, failed)
              select $1, $2, 0, count(*) filter (where ready_since is not null), 0, 0 from queued
              on conflict (tenant_id, system_id, slot) do update set offered = system_counts.offered + excluded.offered)
            update ledger.systems set offered_through = case when (select count(*) from chunk) < {chunk} then null else (select max(number) from chunk) end
             where tenant_id = $1 and system_id = $2 returning offered_through is null
            """, connection) { Parameters = { new() { Value = tenantId }, new() { Value = systemId } } };
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static async Task<(string TenantId, string SystemId)?> NextUnfilledAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select tenant_id, system_id from ledger.systems where offered_through is not null limit 1", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetString(0), reader.GetString(1)) : null;
    }

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params string[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = value });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
