using Ledger.Api.Native;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Projections.Webhooks;

namespace Ledger.Api.Webhooks;

/// <summary>A secret as it is written: Base64 without a prefix.</summary>
internal sealed record SecretBody(string Secret, string Status)
{
    public static SecretBody Of(WebhookSecret secret) => new(Convert.ToBase64String(secret.Secret), secret.RevokeAt is null ? "ACTIVE" : "PENDING_REVOKE");
}

internal static class ReadSecrets
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/secrets", HandleAsync).RequireScope("accounting.record.read")
        .WithSummary("List the secrets that sign the client's deliveries")
        .WithDescription("Made with the client's first subscription. During a rotation there are several, and each delivery carries a signature by each; what is revoked is not listed.")
        .WithResponseExample(200, "The secrets, the active one first.", """[{"secret":"c3RlZXJpbmctZG9jcy1maXh0dXJlLXNlY3JldC0wMDE=","status":"ACTIVE"}]""");

    private static async Task<IResult> HandleAsync(HttpContext context, LedgerClient client, WebhookSecrets secrets, WebhookClock clock, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        return NativeJson.Ok((await secrets.LiveAsync(client.TenantId, client.ClientId, clock.Now, cancellationToken)).Select(SecretBody.Of));
    }
}
