using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Projections.Integrations;
using Ledger.Projections.Records;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Api.Dialects.AccountingRecords;

/// <summary><c>GET /v3/accounting/records/{record_id}</c></summary>
internal static class GetRecord
{
    private static readonly Fault Unknown = Fault.NotFound(AccountingRecordsErrors.NotFound, "No such accounting record.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/records/{record_id}", HandleAsync).RequireScope("accounting.record.read", "accounting.record.write")
        .WithSummary("Get accounting record")
        .WithPathParameter("record_id", "The record.", "accr_cm9x1q7d0001")
        .WithQueryParameter("single_entry", "Only the coded side of the double entry.", "false")
        .WithResponseExample(200, "The record.", Examples.Record)
        .WithErrors(400, 404);

    private static async Task<IResult> HandleAsync(
        [FromRoute(Name = "record_id")] string recordId, HttpContext context, LedgerClient client, IntegrationQueries integrations, ReviewPages records, CancellationToken cancellationToken)
    {
        var faults = new JsonFaults();
        var singleEntry = RecordQuery.Boolean(context.Request.Query, "single_entry", faults);
        if (faults.ToFault() is { } fault) return new FaultResult(fault);
        if (!PathIds.TryRecord(context, recordId, out var id)) return new FaultResult(Unknown);
        var system = await CallSystem.OfAsync(client, integrations, cancellationToken);
        return await records.FindAsync(client.TenantId, system, id.Value, cancellationToken) is { } found
            ? new JsonAnswer(json => RecordObject.Write(json, found, singleEntry))
            : new FaultResult(Unknown);
    }
}
