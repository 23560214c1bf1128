using Ledger.Domain;
using Ledger.Domain.Integrations;
using Ledger.EventStore;
using Npgsql;

namespace Ledger.Projections.Integrations;

/// <summary>An integration's state with its id: what commands decide on.</summary>
public sealed record IntegrationSnapshot(IntegrationId Id, IntegrationState State)
{
    /// <summary>The system whose items the integration works on: its vendor. The names of systems are trimmed, a vendor is kept as sent.</summary>
    public SystemId System => new(State.Vendor.Trim());
}

/// <summary>Finds a tenant's integrations.</summary>
public class IntegrationQueries(NpgsqlDataSource dataSource)
{
    private const string Columns = "integration_id, version, active, vendor, vendor_account_id, connected_at";

    public virtual async Task<IntegrationSnapshot?> ActiveAsync(string tenantId, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(tenantId, $"select {Columns} from ledger.integrations where tenant_id = $1 and active");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Snapshot(reader) : null;
    }

    /// <returns>The integration (null: unknown in this tenant), and the one that is active, which may be the same.</returns>
    public virtual async Task<(IntegrationSnapshot? Asked, IntegrationSnapshot? Active)> LoadAsync(string tenantId, IntegrationId id, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(tenantId, $"select {Columns} from ledger.integrations where tenant_id = $1 and (integration_id = $2 or active)");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        IntegrationSnapshot? asked = null, active = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            var snapshot = Snapshot(reader);
            if (snapshot.Id == id) asked = snapshot;
            if (snapshot.State.Active) active = snapshot;
        }
        return (asked, active);
    }

    private static IntegrationSnapshot Snapshot(NpgsqlDataReader row) => new(
        new(row.GetString(0)), new IntegrationState(row.GetInt64(1), row.GetBoolean(2), row.GetString(3), row.GetString(4), row.GetFieldValue<DateTimeOffset>(5)));
}
