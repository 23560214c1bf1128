using System.Security.Cryptography;
using Npgsql;

namespace Ledger.Clients;

/// <summary>From a credential to its client, one round trip each. Unknown, expired and revoked are the same answer: null.</summary>
public sealed class CredentialLookup(NpgsqlDataSource dataSource)
{
    private const string Identity = "c.client_id, c.tenant_id, t.organization_id, c.default_system_id";
    private const string ActiveClient = "join ledger.clients c using (client_id) join ledger.tenants t using (tenant_id) where c.revoked_at is null";
    private static readonly byte[] NoSecret = RandomNumberGenerator.GetBytes(CredentialHash.Length);

    public Task<ClientIdentity?> FindByTokenAsync(CredentialHash token, CancellationToken cancellationToken = default) => FindAsync(
        $"""
        select {Identity}, k.scopes, k.expires_at - now() from ledger.access_tokens k {ActiveClient}
        and k.token_hash = $1 and k.revoked_at is null and k.expires_at > now()
        """, token, cancellationToken);

    public Task<ClientIdentity?> FindByApiKeyAsync(CredentialHash apiKey, CancellationToken cancellationToken = default) => FindAsync(
        $"""
        select {Identity}, c.scopes, null::interval from ledger.api_keys k {ActiveClient}
        and k.key_hash = $1 and k.revoked_at is null
        """, apiKey, cancellationToken);

    /// <summary>Takes the same steps for an unknown client as for a wrong secret, so that the time does not tell which it was.</summary>
    public async Task<ClientIdentity?> FindBySecretAsync(string clientId, CredentialHash secret, CancellationToken cancellationToken = default)
    {
        await using var command = dataSource.Command($"""
            select {Identity}, c.scopes, null::interval, c.secret_hash
            from ledger.clients c join ledger.tenants t using (tenant_id) where c.revoked_at is null and c.client_id = $1
            """, Sql.Text(clientId));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = await reader.ReadAsync(cancellationToken);
        var matches = secret.Matches(found ? reader.GetFieldValue<byte[]>(6) : NoSecret);
        return found & matches ? Read(reader) : null;
    }

    private async Task<ClientIdentity?> FindAsync(string sql, CredentialHash hash, CancellationToken cancellationToken)
    {
        await using var command = dataSource.Command(sql, Sql.Bytes(hash));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    private static ClientIdentity Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.ReadScopes(4),
        row.IsDBNull(5) ? null : row.GetFieldValue<TimeSpan>(5));
}
