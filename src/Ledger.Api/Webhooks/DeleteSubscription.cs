using Ledger.Api.Errors;
using Ledger.Api.Hosting;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Projections.Webhooks;

namespace Ledger.Api.Webhooks;

internal static class DeleteSubscription
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("/{id}", HandleAsync).RequireScope("accounting.record.read")
        .WithSummary("End a subscription").WithDescription("Its delivery log goes with it.")
        .WithPathParameter("id", "The subscription.", "wsub_0199a1b27c3d7e4f8a5b6c7d8e9f0a1b")
        .WithResponseExample(200, "It is gone.").WithErrors(404);

    private static async Task<IResult> HandleAsync(string id, HttpContext context, LedgerClient client, WebhookSubscriptions subscriptions, RequestData requests, CancellationToken cancellationToken)
    {
        if (await ReadSubscriptions.FindAsync(subscriptions, client, id, cancellationToken) is not { } found) return new FaultResult(ReadSubscriptions.Unknown);
        await context.WriteAsync(requests, client.TenantId, WebhookSubscriptions.Delete(client.TenantId, found.Id), cancellationToken);
        return Results.Ok();
    }
}
