namespace Ledger.Clients;

/// <summary>A registered client as operators see it. Its credentials cannot be shown again.</summary>
/// <param name="DefaultSystemId">The target system of calls that name none.</param>
/// <param name="RevokedAt">Null while it may call.</param>
public sealed record Client(
    string ClientId, string TenantId, string Name, string DefaultSystemId, LedgerScopes Scopes, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);

/// <summary>Fresh credentials: shown once, never stored.</summary>
public sealed record IssuedCredentials(Client Client, string Secret, string ApiKey)
{
    /// <summary>Without the credentials, so that a careless log line stays harmless.</summary>
    public override string ToString() => $"credentials of {Client.ClientId}";
}
