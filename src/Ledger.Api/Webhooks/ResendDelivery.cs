using Ledger.Api.Errors;
using Ledger.Api.Hosting;
using Ledger.Api.Native;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Projections.Webhooks;

namespace Ledger.Api.Webhooks;

internal static class ResendDelivery
{
    private static readonly Fault Unknown = Fault.NotFound("delivery_not_found", "There is no such delivery.");
    private static readonly Fault Paused = Fault.Conflict("subscription_not_active", "Nothing is sent to a subscription that is not ACTIVE: make it so first.");

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/deliveries/{id}/resend", HandleAsync).RequireScope("exports:read")
        .WithSummary("Send a delivery again").WithDescription("Whatever became of it: with the same body and `Webhook-Id`, a fresh timestamp and signature, and the whole schedule of retries.")
        .WithPathParameter("id", "The delivery, that is its `Webhook-Id`.", "msg_0199a1b27c3d7e4f8a5b6c7d8e9f0a1b")
        .WithResponseExample(202, "The delivery, on its way.", ReadDeliveries.Example).WithErrors(404, 409);

    private static async Task<IResult> HandleAsync(
        string id, HttpContext context, LedgerClient client, WebhookLog log, WebhookSubscriptions subscriptions, WebhookClock clock, RequestData requests, CancellationToken cancellationToken)
    {
        if (id.Contains('\0', StringComparison.Ordinal) || await log.FindAsync(client.TenantId, SubscriptionBody.Owner(client), id, cancellationToken) is not { } found) return new FaultResult(Unknown);
        if (await subscriptions.FindAsync(client.TenantId, null, found.SubscriptionId, cancellationToken) is not { Status: WebhookStatus.Active }) return new FaultResult(Paused);
        var now = clock.Now;
        await context.WriteAsync(requests, client.TenantId, [WebhookLog.Resend(client.TenantId, found.Id, now)], cancellationToken);
        return Results.Json(found with { Status = "pending", NextAttemptAt = now, DeliveredAt = null }, NativeJson.Options, statusCode: StatusCodes.Status202Accepted);
    }
}
