using Ledger.Api.Commands;
using Ledger.Api.Errors;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Domain;
using Ledger.Domain.Integrations;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Api.Dialects.AccountingRecords;

/// <summary><c>POST /v3/accounting/integration/{integration_id}/disconnect</c>: records stay as they are, and in-flight work may still be reported.</summary>
internal static class DisconnectIntegration
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/integration/{integration_id}/disconnect", HandleAsync).RequireScope("accounting.integration.write")
        .WithSummary("Disconnect integration")
        .WithPathParameter("integration_id", "The integration.", Examples.IntegrationId)
        .WithResponseExample(200, "The integration, disabled.", Examples.Integration(IntegrationObject.Disabled))
        .WithErrors(404, 409);

    private static async Task<IResult> HandleAsync(
        [FromRoute(Name = "integration_id")] string integrationId, HttpContext context, MoveIntegration move, CancellationToken cancellationToken)
    {
        if (!PathIds.TryIntegration(integrationId, out var id)) return new FaultResult(IntegrationObject.Unknown);
        var (integration, _, refusal) = await move.HandleAsync(CommandContext.Of(context, AccountingRecordsDialect.Name), id.Value, new IntegrationCommand.Disconnect(), cancellationToken);
        return refusal switch
        {
            null => IntegrationObject.Answer(integration!),
            Refusal.IntegrationUnknown => new FaultResult(IntegrationObject.Unknown),
            Refusal.IntegrationNotActive => new FaultResult(NotActive(id.Value)),
            _ => throw new InvalidOperationException($"{refusal} cannot happen to a disconnection."),
        };
    }

    private static Fault NotActive(IntegrationId id) => Fault.Conflict(AccountingRecordsErrors.IntegrationNotActive, "The integration is not active.") with
    {
        Members = new Dictionary<string, object?> { ["integration_id"] = id.Value, ["current_status"] = IntegrationObject.Disabled },
    };
}
