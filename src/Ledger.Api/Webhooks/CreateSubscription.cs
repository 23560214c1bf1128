using Ledger.Api.Errors;
using Ledger.Api.Hosting;
using Ledger.Api.Idempotency;
using Ledger.Api.Input;
using Ledger.Api.Native;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Projections.Webhooks;

namespace Ledger.Api.Webhooks;

internal static class CreateSubscription
{
    public const int MaxPerClient = 20;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("", HandleAsync).RequireScope("accounting.record.read")
        .WithSummary("Subscribe a receiver to events")
        .WithDescription("Announced is what happens from now on. `ACCOUNTING_RECORD_READY_FOR_EXPORT` and `v1.export-job.created` are sent; the partner's other event types are accepted and never sent.")
        .WithHeader(IdempotencyMiddleware.HeaderName, "Required: the same key again is answered like the first time and makes no second subscription.", "7d0c8f5e-1b1e-4c02-9a51-3d0f6f7a9b11", required: true)
        .WithRequestExample("""{"url":"https://erp.example.com/hooks/ledger","event_types":["ACCOUNTING_RECORD_READY_FOR_EXPORT"]}""")
        .WithResponseExample(200, "The subscription.", SubscriptionBody.Example)
        .WithErrors(400, 409);

    private static async Task<IResult> HandleAsync(HttpContext context, LedgerClient client, LedgerOptions options, WebhookSubscriptions subscriptions, WebhookClock clock, RequestData requests, CancellationToken cancellationToken)
    {
        if (!context.Request.Headers.ContainsKey(IdempotencyMiddleware.HeaderName))
            return new FaultResult(Fault.BadRequest("idempotency_key_required", $"The header {IdempotencyMiddleware.HeaderName} is missing."));
        using var body = await JsonBody.ReadAsync(context, JsonLimits.Dialect);
        if (body.Fault is { } malformed) return new FaultResult(malformed);
        var faults = new JsonFaults();
        var members = JsonMembers.Of(body.Root, faults);
        var url = SubscriptionBody.ReadUrl(members, options.WebhooksAllowPrivate);
        var types = SubscriptionBody.ReadEventTypes(members);
        var group = members.OptionalString("group_id", 128);
        if (faults.ToFault() is { } fault) return new FaultResult(fault);
        if (await subscriptions.CountAsync(client.TenantId, client.ClientId, cancellationToken) >= MaxPerClient)
            return new FaultResult(Fault.BadRequest("too_many_subscriptions", $"A client has at most {MaxPerClient} subscriptions."));

        var subscription = WebhookSubscription.Create(client.ClientId, group, url!, types);
        var now = clock.Now;
        await context.WriteAsync(requests, client.TenantId, [WebhookSecrets.Ensure(client.TenantId, client.ClientId, now), .. WebhookSubscriptions.Insert(client.TenantId, subscription, now)], cancellationToken);
        return NativeJson.Ok(SubscriptionBody.Of(subscription));
    }
}
