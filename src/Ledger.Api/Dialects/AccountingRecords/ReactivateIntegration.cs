using Ledger.Api.Commands;
using Ledger.Api.Errors;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Domain;
using Ledger.Domain.Integrations;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Api.Dialects.AccountingRecords;

/// <summary><c>POST /v3/accounting/integration/{integration_id}/reactivate</c>: same id, vendor, account and creation time as before.</summary>
internal static class ReactivateIntegration
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/integration/{integration_id}/reactivate", HandleAsync).RequireScope("accounting.integration.write")
        .WithSummary("Reactivate integration")
        .WithDescription("Refused while any integration is active, this one included.")
        .WithPathParameter("integration_id", "The integration.", Examples.IntegrationId)
        .WithResponseExample(200, "The integration, active again.", Examples.Integration(IntegrationObject.Active))
        .WithErrors(404, 409);

    private static async Task<IResult> HandleAsync(
        [FromRoute(Name = "integration_id")] string integrationId, HttpContext context, MoveIntegration move, CancellationToken cancellationToken)
    {
        if (!PathIds.TryIntegration(integrationId, out var id)) return new FaultResult(IntegrationObject.Unknown);
        var (integration, active, refusal) = await move.HandleAsync(CommandContext.Of(context, AccountingRecordsDialect.Name), id.Value, new IntegrationCommand.Reactivate(), cancellationToken);
        return refusal switch
        {
            null => IntegrationObject.Answer(integration!),
            Refusal.IntegrationUnknown => new FaultResult(IntegrationObject.Unknown),
            Refusal.IntegrationActive => new FaultResult(IntegrationObject.ActiveExists(active!, integration!.State.Vendor)),
            _ => throw new InvalidOperationException($"{refusal} cannot happen to a reactivation."),
        };
    }
}
