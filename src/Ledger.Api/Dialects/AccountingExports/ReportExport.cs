using Ledger.Api.Commands;
using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Domain.Items;

namespace Ledger.Api.Dialects.AccountingExports;

internal static class ReportExport
{
    private static readonly JsonWords<bool> Outcomes = new(("success", true), ("failed", false));

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPut("/{id}", HandleAsync).RequireScope("exports:write")
        .WithSummary("Report the result of an export (callback of the target system)")
        .WithDescription("The same report again is answered like the first and writes nothing; another report on a final export is refused with `export_final`. `error_message` is needed with `failed`.")
        .WithPathParameter("id", "The export.", "exp_xp_6a2d9c0f1e4b7a85")
        .WithRequestExample("""{"status":"success","external_reference":"TTX-20260318-9927"}""")
        .WithResponseExample(200, "The export as it is now.", """
            {"export_id":"exp_xp_6a2d9c0f1e4b7a85","status":"success","external_reference":"TTX-20260318-9927","exported_at":"2026-03-20T15:01:00Z"}
            """)
        .WithErrors(400, 404, 409);

    private static async Task<IResult> HandleAsync(string id, HttpContext context, FinishExport finish, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(context, JsonLimits.Dialect);
        if (body.Fault is { } malformed) return new FaultResult(malformed);
        var faults = new JsonFaults();
        var members = JsonMembers.Of(body.Root, faults);
        var success = members.RequiredEnum("status", Outcomes);
        var reference = new ExportReference(members.OptionalString("external_reference", 1_000), null, members.OptionalDateTime("exported_at"), null);
        var message = members.OptionalString("error_message", 10_000);
        if (success is false && string.IsNullOrWhiteSpace(message)) members.Fault("error_message", "Is needed with status failed.");
        if (faults.ToFault() is { } fault) return new FaultResult(fault);
        if (!ExportIds.TryParse(id, out var attempt)) return new FaultResult(ExportIds.Unknown);

        var command = new ItemCommand.FinishAttempt(attempt.Value, success!.Value, success.Value ? reference : ExportReference.None, success.Value ? null : message);
        var answer = await finish.HandleAsync(CommandContext.Of(context, AccountingExportsDialect.Name), attempt.Value, command, cancellationToken);
        if (answer is not { } result) return new FaultResult(ExportIds.Unknown);
        if (result.Refusal is { } refusal) return new FaultResult(Fault.Conflict(ExportRefusals.CodeOf(refusal), ExportRefusals.MessageOf(refusal)));
        var summary = ExportSummary.Of(result.Attempt);
        return TypedResults.Json(new ReportedExport(summary.ExportId, summary.Status, summary.ExternalReference, summary.ExportedAt), ExportJson.Default.ReportedExport);
    }
}
