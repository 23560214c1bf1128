using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.Native;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Projections.Webhooks;

namespace Ledger.Api.Webhooks;

internal static class ReadDeliveries
{
    private const string List = "webhook-deliveries";

    public const string Example = """
        {"id":"msg_0199a1b27c3d7e4f8a5b6c7d8e9f0a1b","subscription_id":"wsub_0199a1b27c3d7e4f8a5b6c7d8e9f0a1b","event_type":"ACCOUNTING_RECORD_READY_FOR_EXPORT","status":"pending","attempt_count":1,
         "created_at":"2026-06-11T10:09:14Z","next_attempt_at":"2026-06-11T10:09:20Z","delivered_at":null,
         "attempts":[{"number":1,"at":"2026-06-11T10:09:15Z","duration_ms":84,"status_code":503,"error":"status"}]}
        """;

    private sealed record Page(IEnumerable<WebhookDelivery> Deliveries, string? NextCursor);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/{id}/deliveries", HandleAsync).RequireScope("exports:read")
        .WithSummary("Read the delivery log of a subscription")
        .WithDescription("Newest first, kept for 30 days. `status` is `pending`, `delivered` or `failed`; `error` says why an attempt was not accepted, null if it was.")
        .WithPathParameter("id", "The subscription.", "wsub_0199a1b27c3d7e4f8a5b6c7d8e9f0a1b").WithPaging()
        .WithResponseExample(200, "A page.", $$"""{"deliveries":[{{Example}}],"next_cursor":null}""").WithErrors(400, 404);

    private static async Task<IResult> HandleAsync(string id, HttpContext context, LedgerClient client, WebhookSubscriptions subscriptions, WebhookLog log, Cursors cursors, CancellationToken cancellationToken)
    {
        var query = new NativeQuery(context);
        var limit = query.Limit();
        var before = await query.PlaceAsync(cursors, List, client.TenantId, cancellationToken);
        if (query.Fault is { } fault) return new FaultResult(fault);
        if (await ReadSubscriptions.FindAsync(subscriptions, client, id, cancellationToken) is not { } subscription) return new FaultResult(ReadSubscriptions.Unknown);
        var found = await log.ListAsync(client.TenantId, subscription.Id, before, limit + 1, cancellationToken);
        var next = found.Count > limit ? await cursors.WriteAsync(List, client.TenantId, found[limit - 1].Id, cancellationToken) : null;
        return NativeJson.Ok(new Page(found.Take(limit), next));
    }
}
