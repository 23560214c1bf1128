using Ledger.Clients;
using Microsoft.AspNetCore.Authorization;

namespace Ledger.Api.Security;

/// <summary>Any one of these scopes, by the names of the contract or by ours.</summary>
internal sealed class ScopeRequirement : IAuthorizationRequirement
{
    private readonly LedgerScopes _any;

    public ScopeRequirement(IReadOnlyList<string> names)
    {
        if (names.Count == 0) throw new ArgumentException("Name at least one scope.", nameof(names));
        Names = names;
        _any = names.Aggregate(LedgerScopes.None, (scopes, name) => scopes | ScopeAliases.Required(name));
    }

    public IReadOnlyList<string> Names { get; }

    public bool IsMetBy(LedgerClient client) => (client.Scopes & _any) != LedgerScopes.None;
}

internal sealed class ScopeRequirementHandler : AuthorizationHandler<ScopeRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        if (context.Resource is HttpContext http && LedgerClient.Of(http) is { } client && requirement.IsMetBy(client)) context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
