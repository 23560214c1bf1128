namespace Ledger.Clients;

/// <param name="TenantId">A UUID in lower case; the first column of every key.</param>
/// <param name="OrganizationId">The platform's own name for it; the tenant id when none was given.</param>
public sealed record Tenant(string TenantId, string Name, string OrganizationId, DateTimeOffset CreatedAt);
