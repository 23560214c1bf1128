using Ledger.Clients;

namespace Ledger.Api.Security;

/// <summary>Who calls: an endpoint takes it as a parameter. Tenant and system come from here, never from the body.</summary>
public sealed class LedgerClient
{
    public LedgerClient(ClientIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        (ClientId, TenantId, OrganizationId, SystemId, Scopes) =
            (identity.ClientId, identity.TenantId, identity.OrganizationId, identity.DefaultSystemId, identity.Scopes);
    }

    public string ClientId { get; }

    public string TenantId { get; }

    /// <summary>The platform's own name for the tenant.</summary>
    public string OrganizationId { get; }

    /// <summary>The target system of calls that name none.</summary>
    public string SystemId { get; }

    /// <summary>Of the token when one was shown, else of the client.</summary>
    public LedgerScopes Scopes { get; }

    public bool Has(LedgerScopes scope) => (Scopes & scope) == scope;

    /// <summary>Null on a request without a valid credential, which only endpoints that allow anonymous calls get to see.</summary>
    public static LedgerClient? Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<LedgerClient>();
    }

    /// <summary>Lets minimal API handlers declare a parameter of this type.</summary>
    public static ValueTask<LedgerClient?> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context));
}
