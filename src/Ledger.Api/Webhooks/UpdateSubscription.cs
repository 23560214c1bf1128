using Ledger.Api.Errors;
using Ledger.Api.Hosting;
using Ledger.Api.Input;
using Ledger.Api.Native;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Projections.Webhooks;

namespace Ledger.Api.Webhooks;

internal static class UpdateSubscription
{
    private static readonly JsonWords<WebhookStatus> Statuses = new(("ACTIVE", WebhookStatus.Active), ("INACTIVE", WebhookStatus.Inactive));

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPut("/{id}", HandleAsync).RequireScope("accounting.record.read")
        .WithSummary("Change a subscription")
        .WithDescription("All three members are required. Nothing is sent while it is INACTIVE or in ERROR. Made ACTIVE again, it is told of what happens from then on, and what was pending is sent.")
        .WithPathParameter("id", "The subscription.", "wsub_0199a1b27c3d7e4f8a5b6c7d8e9f0a1b")
        .WithRequestExample("""{"url":"https://erp.example.com/hooks/ledger","event_types":["ACCOUNTING_RECORD_READY_FOR_EXPORT","v1.export-job.created"],"status":"ACTIVE"}""")
        .WithResponseExample(200, "The subscription as it is now.", SubscriptionBody.Example)
        .WithErrors(400, 404);

    private static async Task<IResult> HandleAsync(
        string id, HttpContext context, LedgerClient client, LedgerOptions options, WebhookSubscriptions subscriptions, WebhookClock clock, RequestData requests, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(context, JsonLimits.Dialect);
        if (body.Fault is { } malformed) return new FaultResult(malformed);
        var faults = new JsonFaults();
        var members = JsonMembers.Of(body.Root, faults);
        var url = SubscriptionBody.ReadUrl(members, options.WebhooksAllowPrivate);
        var types = SubscriptionBody.ReadEventTypes(members);
        var status = members.RequiredEnum("status", Statuses);
        if (faults.ToFault() is { } fault) return new FaultResult(fault);
        if (await ReadSubscriptions.FindAsync(subscriptions, client, id, cancellationToken) is not { } found) return new FaultResult(ReadSubscriptions.Unknown);

        var changed = found with { Url = url!, EventTypes = types, Status = status!.Value };
        await context.WriteAsync(requests, client.TenantId, WebhookSubscriptions.Update(client.TenantId, changed, clock.Now), cancellationToken);
        return NativeJson.Ok(SubscriptionBody.Of(changed));
    }
}
