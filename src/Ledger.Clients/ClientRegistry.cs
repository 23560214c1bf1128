using System.Security.Cryptography;
using Npgsql;

namespace Ledger.Clients;

/// <summary>Tenants and their clients, for operators. A change takes effect on other nodes when their credential cache lets go, within seconds.</summary>
public sealed class ClientRegistry(NpgsqlDataSource dataSource)
{
    private const string Columns = "client_id, tenant_id, name, default_system_id, scopes, created_at, revoked_at";

    /// <param name="tenantId">A UUID to use; null draws one.</param>
    /// <exception cref="PostgresException">SqlState 23505: the tenant id is taken.</exception>
    public async Task<Tenant> CreateTenantAsync(string name, string? organizationId = null, Guid? tenantId = null, CancellationToken cancellationToken = default)
    {
        var id = (tenantId ?? Guid.CreateVersion7()).ToString();
        await using var command = dataSource.Command(
            "insert into ledger.tenants (tenant_id, name, organization_id) values ($1, $2, $3) returning tenant_id, name, organization_id, created_at",
            Sql.Text(id), Sql.Text(name), Sql.Text(organizationId ?? id));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return ReadTenant(reader);
    }

    public async Task<IReadOnlyList<Tenant>> ListTenantsAsync(CancellationToken cancellationToken = default)
    {
        await using var command = dataSource.CreateCommand("select tenant_id, name, organization_id, created_at from ledger.tenants order by created_at, tenant_id");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tenants = new List<Tenant>();
        while (await reader.ReadAsync(cancellationToken)) tenants.Add(ReadTenant(reader));
        return tenants;
    }

    /// <returns>Null when there is no such tenant.</returns>
    public async Task<IssuedCredentials?> CreateClientAsync(
        string tenantId, string name, string defaultSystemId, LedgerScopes scopes, CancellationToken cancellationToken = default)
    {
        var (secret, apiKey) = (Credential.NewSecret(), Credential.NewApiKey());
        await using var command = dataSource.Command($"""
            with client as (
                insert into ledger.clients (client_id, tenant_id, name, default_system_id, scopes, secret_hash)
                select $1, tenant_id, $3, $4, $5, $6 from ledger.tenants where tenant_id = $2
                returning {Columns}),
            api_key as (insert into ledger.api_keys (key_hash, client_id) select $7, client_id from client)
            select {Columns} from client
            """,
            Sql.Text($"client_{RandomNumberGenerator.GetHexString(16, lowercase: true)}"), Sql.Text(tenantId), Sql.Text(name), Sql.Text(defaultSystemId),
            Sql.Names(scopes), Sql.HashOf(secret), Sql.HashOf(apiKey));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await ReadOneAsync(reader, cancellationToken) is { } client ? new IssuedCredentials(client, secret, apiKey) : null;
    }

    /// <param name="tenantId">Null lists the clients of all tenants.</param>
    /// <returns>Oldest first, revoked ones too.</returns>
    public async Task<IReadOnlyList<Client>> ListAsync(string? tenantId = null, CancellationToken cancellationToken = default)
    {
        await using var command = dataSource.Command(
            $"select {Columns} from ledger.clients where $1 is null or tenant_id = $1 order by created_at, client_id", Sql.Text(tenantId));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var clients = new List<Client>();
        while (await reader.ReadAsync(cancellationToken)) clients.Add(ReadClient(reader));
        return clients;
    }

    /// <summary>Ends every credential of the client for good: secret, API keys and tokens. Revoking again changes nothing.</summary>
    /// <returns>False when there is no such client.</returns>
    public async Task<bool> RevokeAsync(string clientId, CancellationToken cancellationToken = default)
    {
        // Every lookup joins the client, so this one column ends all its credentials at the same instant.
        await using var command = dataSource.Command(
            "update ledger.clients set revoked_at = coalesce(revoked_at, now()) where client_id = $1", Sql.Text(clientId));
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>New secret and API key; the old ones and every token end in the same transaction, because a rotation may follow a leak.</summary>
    /// <returns>Null when there is no such client or it is revoked.</returns>
    public async Task<IssuedCredentials?> RotateAsync(string clientId, CancellationToken cancellationToken = default)
    {
        var (secret, apiKey) = (Credential.NewSecret(), Credential.NewApiKey());
        await using var batch = dataSource.CreateBatch();
        // The lock comes in a statement of its own: the next one then sees the key of a rotation that was in the way, and ends it.
        batch.BatchCommands.Add(Sql.BatchCommand("select from ledger.clients where client_id = $1 for update", Sql.Text(clientId)));
        batch.BatchCommands.Add(Sql.BatchCommand($"""
            with client as (
                update ledger.clients set secret_hash = $2 where client_id = $1 and revoked_at is null returning {Columns}),
            ended_keys as (update ledger.api_keys set revoked_at = now() where client_id in (select client_id from client) and revoked_at is null),
            ended_tokens as (update ledger.access_tokens set revoked_at = now() where client_id in (select client_id from client) and revoked_at is null),
            api_key as (insert into ledger.api_keys (key_hash, client_id) select $3, client_id from client)
            select {Columns} from client
            """, Sql.Text(clientId), Sql.HashOf(secret), Sql.HashOf(apiKey)));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await ReadOneAsync(reader, cancellationToken) is { } client ? new IssuedCredentials(client, secret, apiKey) : null;
    }

    private static async Task<Client?> ReadOneAsync(NpgsqlDataReader reader, CancellationToken cancellationToken) =>
        await reader.ReadAsync(cancellationToken) ? ReadClient(reader) : null;

    private static Tenant ReadTenant(NpgsqlDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3));

    private static Client ReadClient(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.ReadScopes(4),
        row.GetFieldValue<DateTimeOffset>(5), row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6));
}
