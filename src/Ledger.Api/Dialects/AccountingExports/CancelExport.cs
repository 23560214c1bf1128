using Ledger.Api.Commands;
using Ledger.Api.Errors;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Domain.Items;

namespace Ledger.Api.Dialects.AccountingExports;

internal static class CancelExport
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("/{id}", HandleAsync).RequireScope("exports:write")
        .WithSummary("Cancel a pending export")
        .WithDescription("The cancelled attempt stays in the history; the expense is offered again. Cancelling again changes nothing; a final export cannot be cancelled.")
        .WithPathParameter("id", "The export.", "exp_xp_6a2d9c0f1e4b7a85")
        .WithResponseExample(200, "Cancelled.", """{"deleted":true,"export_id":"exp_xp_6a2d9c0f1e4b7a85"}""")
        .WithErrors(404, 409);

    private static async Task<IResult> HandleAsync(string id, HttpContext context, FinishExport finish, CancellationToken cancellationToken)
    {
        if (!ExportIds.TryParse(id, out var attempt)) return new FaultResult(ExportIds.Unknown);
        var answer = await finish.HandleAsync(CommandContext.Of(context, AccountingExportsDialect.Name), attempt.Value, new ItemCommand.CancelAttempt(attempt.Value), cancellationToken);
        if (answer is not { } result) return new FaultResult(ExportIds.Unknown);
        return result.Refusal is { } refusal
            ? new FaultResult(Fault.Conflict(ExportRefusals.CodeOf(refusal), ExportRefusals.MessageOf(refusal)))
            : TypedResults.Json(new DeletedExport(true, ExportIds.Of(attempt.Value)), ExportJson.Default.DeletedExport);
    }
}
