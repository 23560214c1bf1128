namespace Ledger.Clients;

/// <summary>Whom a credential stands for.</summary>
/// <param name="Scopes">Of the token when a token was shown, else of the client.</param>
/// <param name="ExpiresIn">Time the credential has left, by PostgreSQL's clock; null when it does not expire.</param>
public sealed record ClientIdentity(
    string ClientId, string TenantId, string OrganizationId, string DefaultSystemId, LedgerScopes Scopes, TimeSpan? ExpiresIn);
