using Ledger.Api.Commands;
using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Domain;
using Ledger.Domain.Jobs;
using Ledger.Projections.Items;
using Ledger.Projections.Systems;

namespace Ledger.Api.Dialects.AccountingExports;

internal static class CreateBatch
{
    private const int MaxExpenses = 1_000;

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/batch", HandleAsync).RequireScope("exports:write")
        .WithSummary("Export several approved expenses, all or none")
        .WithDescription("1 to 1,000 expenses; repeated ids are collapsed. If any of them cannot be exported, nothing is written and `errors` names every one that is in the way, with its code.")
        .WithRequestExample("""{"expense_ids":["exp_9c2d7e","exp_1a4f8b","exp_5c7d3e"],"target_system":"tripletex"}""")
        .WithResponseExample(202, "The batch, on its way.", """
            {"batch_id":"batch_9f1e3c0011223344","expense_ids":["exp_9c2d7e","exp_1a4f8b","exp_5c7d3e"],"target_system":"tripletex","status":"processing","initiated_at":"2026-03-20T15:05:00Z"}
            """)
        .WithErrors(400, 404, 409);

    private static async Task<IResult> HandleAsync(HttpContext context, LedgerClient client, OpenJob open, ItemStates items, SystemRegistry systems, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(context, JsonLimits.Dialect);
        if (body.Fault is { } malformed) return new FaultResult(malformed);
        var faults = new JsonFaults();
        var members = JsonMembers.Of(body.Root, faults);
        IReadOnlyList<string> expenses = [.. members.RequiredStrings("expense_ids", 1, MaxExpenses, RecordId.MaxLength).Distinct(StringComparer.Ordinal)];
        var system = TargetSystem.Read(members);
        if (faults.ToFault() is { } fault) return new FaultResult(fault);

        RecordId[] records = [.. expenses.Select(expense => new RecordId(expense))];
        if (!systems.IsKnown(client.TenantId, system) && (await items.LoadAsync(client.TenantId, system, records, cancellationToken)).Count == 0)
            return new FaultResult(Refused([.. records.Select((_, index) => new RefusedItem(index, null, Refusal.RecordUnknown))], expenses));
        var batchId = ExportIds.NewBatch();
        var create = new JobCommand.Create(system, JobOrigin.AccountingExports, null, IsInteractive: false, VendorBasedBookkeeping: false, records.Length, batchId);
        var (job, _, refused) = await open.HandleAsync(CommandContext.Of(context, AccountingExportsDialect.Name), create, async (states, token) =>
        {
            var known = await states.LoadAsync(client.TenantId, system, records, token);
            return [.. records.Select(known.GetValueOrDefault)];
        }, againIfExported: false, started: true, cancellationToken);
        if (job is null) return new FaultResult(Refused(refused, expenses));
        return TypedResults.Json(new CreatedBatch(batchId, expenses, system.Value, "processing", ExportIds.Time(job.CreatedAt)), ExportJson.Default.CreatedBatch, statusCode: 202);
    }

    // One code when all are in the way for the same reason, else one that says so; each offender by its own code in `errors`.
    private static Fault Refused(IReadOnlyList<RefusedItem> refused, IReadOnlyList<string> expenses)
    {
        var reasons = refused.Select(item => item.Reason).Distinct().ToList();
        var code = reasons.Count == 1 ? ExportRefusals.CodeOf(reasons[0]) : "batch_refused";
        return new Fault(reasons is [Refusal.RecordUnknown] ? FaultKind.NotFound : FaultKind.Conflict, code, $"{refused.Count} of {expenses.Count} expenses cannot be exported; nothing was written.")
        {
            Members = new Dictionary<string, object?> { ["refused"] = refused.Select(item => Entry(item, expenses)).ToList() },
            Details = [.. refused.Select(item => new FaultDetail($"/expense_ids/{item.Index}", $"{ExportRefusals.CodeOf(item.Reason)}: {ExportRefusals.MessageOf(item.Reason)}"))],
        };
    }

    private static Dictionary<string, string> Entry(RefusedItem item, IReadOnlyList<string> expenses)
    {
        var entry = new Dictionary<string, string> { ["expense_id"] = expenses[item.Index], ["error"] = ExportRefusals.CodeOf(item.Reason) };
        if (item.Snapshot?.Item.OpenAttempt is { } open) entry["export_id"] = ExportIds.Of(open.Id);
        return entry;
    }
}
