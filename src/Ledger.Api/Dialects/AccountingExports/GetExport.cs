using Ledger.Api.Errors;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Projections.Items;

namespace Ledger.Api.Dialects.AccountingExports;

internal static class GetExport
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/{id}", HandleAsync).RequireScope("exports:read")
        .WithSummary("Get the status and the external reference of an export")
        .WithPathParameter("id", "The export.", "exp_xp_6a2d9c0f1e4b7a85")
        .WithResponseExample(200, "The export.", """
            {"export_id":"exp_xp_6a2d9c0f1e4b7a85","expense_id":"exp_9c2d7e","organization_id":"org_4729bc","target_system":"tripletex","status":"success",
             "external_reference":"TTX-20260318-9927","exported_at":"2026-03-20T15:00:00Z","error_message":null,"initiated_at":"2026-03-20T14:59:58Z","batch_id":null}
            """)
        .WithErrors(404);

    private static async Task<IResult> HandleAsync(string id, LedgerClient client, AttemptPages attempts, CancellationToken cancellationToken)
    {
        if (!ExportIds.TryParse(id, out var attemptId)) return new FaultResult(ExportIds.Unknown);
        if (await attempts.FindAsync(client.TenantId, attemptId.Value, cancellationToken) is not { } view) return new FaultResult(ExportIds.Unknown);
        var summary = ExportSummary.Of(view);
        return TypedResults.Json(new ExportDetail(
            summary.ExportId, summary.ExpenseId, client.OrganizationId, summary.TargetSystem, summary.Status, summary.ExternalReference, summary.ExportedAt,
            view.Attempt.Failure?.Reason, ExportIds.Time(view.Attempt.OpenedAt), view.BatchId), ExportJson.Default.ExportDetail);
    }
}
