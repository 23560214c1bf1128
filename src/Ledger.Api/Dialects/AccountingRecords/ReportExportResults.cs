using Ledger.Api.Commands;
using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Domain;
using Ledger.Projections.Integrations;
using Ledger.Projections.Items;
using Ledger.Projections.Records;

namespace Ledger.Api.Dialects.AccountingRecords;

/// <summary><c>POST /v3/accounting/records/export-results</c>: all of them are applied, or none. Faults are told in the order 400, duplicate, unknown, not ready.</summary>
internal static class ReportExportResults
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/records/export-results", HandleAsync).RequireScope("accounting.record.write")
        .WithSummary("Report accounting export results")
        .WithDescription("1 to 500 results, each a success or a failure of a record in READY_FOR_EXPORT. All are applied, or none. A success makes the record EXPORTED, a failure sends it back to REVIEW.")
        .WithRequestExample(Examples.Results)
        .WithResponseExample(200, "The records changed by this call, in the order sent.", """{"updated_accounting_record_ids":["accr_cm9x1q7d0001","accr_cm9x1q7d0002"]}""")
        .WithErrors(400, 404, 422);

    private static async Task<IResult> HandleAsync(HttpContext context, LedgerClient client, IntegrationQueries integrations, ReportResults reports, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(context, JsonLimits.Dialect);
        if (body.Fault is { } malformed) return new FaultResult(malformed);
        var faults = new JsonFaults();
        var results = ExportResult.Read(JsonMembers.Of(body.Root, faults));
        if (faults.ToFault() is { } fault) return new FaultResult(fault);
        if (Duplicates(results) is { } duplicates) return new FaultResult(duplicates);

        var system = await CallSystem.OfAsync(client, integrations, cancellationToken);
        var (refusal, _, _) = await reports.AllAsync(
            CommandContext.Of(context, AccountingRecordsDialect.Name), system, [.. results.Select(result => new RecordId(result.RecordId))],
            items => Refuse(results, items), (index, _) => results[index].Command, cancellationToken);
        return refusal is not null ? new FaultResult(refusal) : new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("updated_accounting_record_ids");
            foreach (var result in results) json.WriteStringValue(result.RecordId);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static Fault? Duplicates(IReadOnlyList<ExportResult> results)
    {
        var ids = results.GroupBy(result => result.RecordId, StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same => same.Key).ToList();
        return ids.Count == 0 ? null : Refused(
            Fault.Unprocessable(AccountingRecordsErrors.DuplicateRecordIds, "An accounting record may appear once per request."), "duplicate_accounting_record_ids", ids);
    }

    private static Fault? Refuse(IReadOnlyList<ExportResult> results, IReadOnlyList<ItemSnapshot?> items)
    {
        var unknown = Ids(results, items, item => item is null or { Record.Withdrawn: true });
        if (unknown.Count > 0)
            return Refused(Fault.NotFound(AccountingRecordsErrors.NotFound, $"Some accounting records were not found: {string.Join(", ", unknown)}"), "not_found_export_entry_source_ids", unknown);
        var unready = Ids(results, items, item => ReviewStatuses.Of(item!.Record, item.Item.IsExported, item.Item.Failure?.At) is not ReviewStatus.ReadyForExport);
        return unready.Count == 0 ? null : Refused(
            Fault.Unprocessable(AccountingRecordsErrors.NotReadyForExport, "Only records in READY_FOR_EXPORT can be reported."), "not_ready_for_export_accounting_record_ids", unready);
    }

    private static List<string> Ids(IReadOnlyList<ExportResult> results, IReadOnlyList<ItemSnapshot?> items, Func<ItemSnapshot?, bool> offends) =>
        [.. results.Where((_, index) => offends(items[index])).Select(result => result.RecordId)];

    private static Fault Refused(Fault fault, string detail, List<string> ids) => fault with { Members = new Dictionary<string, object?> { [detail] = ids } };
}
