using Ledger.Api.Errors;
using Ledger.Api.Hosting;
using Ledger.Api.Native;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Projections.Webhooks;

namespace Ledger.Api.Webhooks;

internal static class RotateSecrets
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/secrets/rotate", HandleAsync).RequireScope("exports:read")
        .WithSummary("Replace the signing secret")
        .WithDescription("The new secret is active at once; the old one signs along for 24 hours, so that receivers can learn the new one without losing a delivery. At most four are live at a time.")
        .WithResponseExample(200, "The secrets that sign from now on.", """
            [{"secret":"bmV3LXNlY3JldC1mb3ItdGhlLXdlYmhvb2tzLTAwMDI=","status":"ACTIVE"},{"secret":"c3RlZXJpbmctZG9jcy1maXh0dXJlLXNlY3JldC0wMDE=","status":"PENDING_REVOKE"}]
            """)
        .WithErrors(409);

    private static async Task<IResult> HandleAsync(HttpContext context, LedgerClient client, WebhookSecrets secrets, WebhookClock clock, RequestData requests, CancellationToken cancellationToken)
    {
        var now = clock.Now;
        var live = await secrets.LiveAsync(client.TenantId, client.ClientId, now, cancellationToken);
        if (live.Count >= WebhookSecrets.MaxLive)
            return new FaultResult(Fault.Conflict("too_many_secrets", $"{WebhookSecrets.MaxLive} secrets are live; the next one ends within {WebhookSecrets.Overlap.TotalHours:0} hours."));
        var secret = WebhookSecrets.NewSecret();
        await context.WriteAsync(requests, client.TenantId, WebhookSecrets.Rotate(client.TenantId, client.ClientId, secret, now), cancellationToken);
        context.Response.Headers.CacheControl = "no-store";
        return NativeJson.Ok(live.Select(old => old with { RevokeAt = old.RevokeAt ?? now + WebhookSecrets.Overlap }).Prepend(new WebhookSecret(secret, null)).Select(SecretBody.Of));
    }
}
