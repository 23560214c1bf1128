using Npgsql;
using NpgsqlTypes;

namespace Ledger.Clients;

/// <summary>Opaque access tokens: 256 random bits, stored as their SHA-256, revocable at once because every use is a lookup.</summary>
public sealed class AccessTokens(NpgsqlDataSource dataSource)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    public const int PurgeBatch = 10_000;

    /// <param name="scopes">A subset of the client's own.</param>
    /// <returns>The token, shown once; null when the client was revoked in the meantime.</returns>
    public async Task<string?> IssueAsync(string clientId, LedgerScopes scopes, CancellationToken cancellationToken = default)
    {
        var token = Credential.NewToken();
        await using var command = dataSource.Command("""
            insert into ledger.access_tokens (token_hash, client_id, scopes, expires_at)
            select $1, client_id, $3, now() + $4 from ledger.clients where client_id = $2 and revoked_at is null
            """,
            Sql.HashOf(token), Sql.Text(clientId), Sql.Names(scopes), new() { Value = Lifetime, NpgsqlDbType = NpgsqlDbType.Interval });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1 ? token : null;
    }

    /// <param name="clientId">The client that asks: a token of another client is left alone.</param>
    /// <returns>True when a token ended by this call.</returns>
    public async Task<bool> RevokeAsync(CredentialHash token, string clientId, CancellationToken cancellationToken = default)
    {
        await using var command = dataSource.Command(
            "update ledger.access_tokens set revoked_at = now() where token_hash = $1 and client_id = $2 and revoked_at is null",
            Sql.Bytes(token), Sql.Text(clientId));
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Deletes tokens that expired, at most 10,000 per call so that no statement runs long.</summary>
    /// <returns>How many; call again while it is 10,000.</returns>
    public async Task<int> PurgeExpiredAsync(CancellationToken cancellationToken = default)
    {
        await using var command = dataSource.CreateCommand($"""
            delete from ledger.access_tokens where token_hash in (
                select token_hash from ledger.access_tokens where expires_at < now() limit {PurgeBatch} for update skip locked)
            """);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
