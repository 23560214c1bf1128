using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.Native;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Projections.Webhooks;

namespace Ledger.Api.Webhooks;

internal static class ReadSubscriptions
{
    private const string List = "webhooks";

    public static readonly Fault Unknown = Fault.NotFound("webhook_not_found", "There is no such webhook subscription.");

    private sealed record Page(string? NextCursor, IEnumerable<SubscriptionBody> Items);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("", PageAsync).RequireScope("accounting.record.read")
            .WithSummary("List subscriptions").WithDescription("Oldest first. A client sees its own; with the scope `admin`, all of its tenant's.")
            .WithQueryParameter("limit", "0 to 1000 per page; 100 unless given.", "100").WithQueryParameter("cursor", "`next_cursor` of the page before.", "q1Xb0o3tQ0m6mJr3b0c6fzEwMDAwMDAwMDAwMDE")
            .WithResponseExample(200, "A page.", $$"""{"next_cursor":null,"items":[{{SubscriptionBody.Example}}]}""").WithErrors(400);
        routes.MapGet("/{id}", OneAsync).RequireScope("accounting.record.read")
            .WithSummary("Get a subscription").WithPathParameter("id", "The subscription.", "wsub_0199a1b27c3d7e4f8a5b6c7d8e9f0a1b")
            .WithResponseExample(200, "The subscription.", SubscriptionBody.Example).WithErrors(404);
    }

    private static async Task<IResult> PageAsync(HttpContext context, LedgerClient client, WebhookSubscriptions subscriptions, Cursors cursors, CancellationToken cancellationToken)
    {
        var query = new NativeQuery(context);
        var limit = (int)(query.Int64("limit", 0, NativeQuery.MaxLimit) ?? NativeQuery.DefaultLimit);
        var after = await query.PlaceAsync(cursors, List, client.TenantId, cancellationToken);
        if (query.Fault is { } fault) return new FaultResult(fault);
        var found = await subscriptions.ListAsync(client.TenantId, SubscriptionBody.Owner(client), after ?? "", limit + 1, cancellationToken);
        var page = found.Take(limit).ToList();
        var next = found.Count > limit && limit > 0 ? await cursors.WriteAsync(List, client.TenantId, page[^1].Id, cancellationToken) : null;
        return NativeJson.Ok(new Page(next, page.Select(SubscriptionBody.Of)));
    }

    private static async Task<IResult> OneAsync(string id, LedgerClient client, WebhookSubscriptions subscriptions, CancellationToken cancellationToken) =>
        await FindAsync(subscriptions, client, id, cancellationToken) is { } found ? NativeJson.Ok(SubscriptionBody.Of(found)) : new FaultResult(Unknown);

    /// <summary>What cannot be an id answers like one that is unknown.</summary>
    public static async Task<WebhookSubscription?> FindAsync(WebhookSubscriptions subscriptions, LedgerClient client, string id, CancellationToken cancellationToken) =>
        id.Contains('\0', StringComparison.Ordinal) ? null : await subscriptions.FindAsync(client.TenantId, SubscriptionBody.Owner(client), id, cancellationToken);
}
