using Npgsql;

namespace Ledger.Clients;

/// <summary>Two tenants with one client each, whose credentials everybody knows: for trying the service out, never for a real ledger.</summary>
public static class DemoClients
{
    public const string TenantId = "00000000-0000-4000-8000-000000000001";
    public const string OtherTenantId = "00000000-0000-4000-8000-000000000002";
    public const string SystemId = "erp";

    /// <summary>Creates what is missing and changes nothing that is there, so a demo client that was revoked stays revoked.</summary>
    public static async Task EnsureDemoAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        await EnsureAsync(dataSource, TenantId, "Demo company", "demo", cancellationToken);
        await EnsureAsync(dataSource, OtherTenantId, "Other company", "other", cancellationToken);
    }

    private static async Task EnsureAsync(NpgsqlDataSource dataSource, string tenantId, string tenantName, string name, CancellationToken cancellationToken)
    {
        await using var batch = dataSource.CreateBatch();
        batch.BatchCommands.Add(Sql.BatchCommand(
            "insert into ledger.tenants (tenant_id, name, organization_id) values ($1, $2, $3) on conflict do nothing",
            Sql.Text(tenantId), Sql.Text(tenantName), Sql.Text($"org_{name}")));
        batch.BatchCommands.Add(Sql.BatchCommand("""
            insert into ledger.clients (client_id, tenant_id, name, default_system_id, scopes, secret_hash)
            values ($1, $2, $3, $4, $5, $6) on conflict do nothing
            """,
            Sql.Text(name), Sql.Text(tenantId), Sql.Text($"{tenantName}'s connector"), Sql.Text(SystemId),
            Sql.Names(LedgerScopes.All), Sql.HashOf($"{name}-secret")));
        batch.BatchCommands.Add(Sql.BatchCommand(
            "insert into ledger.api_keys (key_hash, client_id) values ($1, $2) on conflict do nothing",
            Sql.HashOf($"{name}-key"), Sql.Text(name)));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
