using Ledger.Api.Commands;
using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Domain;
using Ledger.Projections.Items;

namespace Ledger.Api.Dialects.AccountingExports;

internal static class CreateExport
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("", HandleAsync).RequireScope("exports:write")
        .WithSummary("Export a single approved expense to an accounting system")
        .WithRequestExample("""{"expense_id":"exp_9c2d7e","target_system":"tripletex"}""")
        .WithResponseExample(202, "The export, on its way.", """
            {"export_id":"exp_xp_6a2d9c0f1e4b7a85","expense_id":"exp_9c2d7e","target_system":"tripletex","status":"processing","initiated_at":"2026-03-20T15:00:00Z"}
            """)
        .WithErrors(400, 404, 409);

    private static async Task<IResult> HandleAsync(HttpContext context, OpenExport open, AttemptPages attempts, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(context, JsonLimits.Dialect);
        if (body.Fault is { } malformed) return new FaultResult(malformed);
        var faults = new JsonFaults();
        var members = JsonMembers.Of(body.Root, faults);
        var expense = members.RequiredString("expense_id", 1, RecordId.MaxLength);
        var system = TargetSystem.Read(members);
        var again = members.OptionalBoolean("re_export") ?? false;
        if (faults.ToFault() is { } fault) return new FaultResult(fault);

        var command = CommandContext.Of(context, AccountingExportsDialect.Name);
        var (refusal, item, opened) = await open.HandleAsync(command, system, new(expense!), again, cancellationToken);
        if (refusal is { } reason) return new FaultResult(await ExportRefusals.FaultAsync(reason, item, attempts, command.TenantId, cancellationToken));
        var id = ExportIds.Of(opened!.Id);
        context.Response.Headers.Location = $"/api/v1/accounting-exports/{id}";
        return TypedResults.Json(new CreatedExport(id, expense!, system.Value, AccountingExportsDialect.StatusOf(opened), ExportIds.Time(opened.OpenedAt)), ExportJson.Default.CreatedExport, statusCode: 202);
    }
}
