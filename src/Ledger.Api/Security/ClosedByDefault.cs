using Microsoft.AspNetCore.Authorization;

namespace Ledger.Api.Security;

/// <summary>A route that says neither <c>RequireScope</c> nor <c>AllowAnonymous</c> needs a valid credential: forgetting it must not open a door.</summary>
/// <remarks>Requests without a route, and the stand-ins routing makes for 405 and 415, pass: their answer is a status that tells nothing.</remarks>
internal sealed class ClosedByDefault : AuthorizationHandler<ClosedByDefault>, IAuthorizationRequirement
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ClosedByDefault requirement)
    {
        if (context.Resource is HttpContext http && (http.GetEndpoint() is not RouteEndpoint || LedgerClient.Of(http) is not null)) context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
