using Ledger.Api.Commands;
using Ledger.Api.Dialects.ExportJobs.Objects;
using Ledger.Api.Dialects.ExportJobs.Paging;
using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Projections.Jobs.Pages;

namespace Ledger.Api.Dialects.ExportJobs;

/// <summary><c>GET /v3/export-job-items</c>: the item an entry has in the job made last.</summary>
internal static class FindJobItem
{
    private static readonly PageQuestion Newest = new([new(JobItemPages.OpenedAt, Descending: true, NullsFirst: true), new(JobItemPages.AttemptId)], Cursor: null, Backwards: false, Offset: 0, Limit: 1);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/v3/export-job-items", HandleAsync)
        .WithName("getExportJobItemByAccountingEntryIdV3").WithSummary("Get the item of an accounting entry").WithDescription("The one in the job made last.")
        .WithCompanyId()
        .WithQueryParameter("accounting_entry_id", "The entry. Without it nothing can be found: 400.", Examples.EntryId)
        .WithResponseExample(200, "The item.", Examples.Item).WithResponseMembers(200, EveryMember.Item)
        .WithResponseExample(404, "The entry is in no job.", """{"type":"EXPORT_ENTRY_NOT_FOUND","message":"No export job item for that accounting entry."}""")
        .WithErrors(400);

    private static async Task<IResult> HandleAsync(HttpContext context, LedgerClient client, JobItemPages items, JobExpiry expiry, CancellationToken cancellationToken)
    {
        var faults = new JsonFaults();
        var company = CompanyFilter.Read(context.Request.Query, client, faults);
        var entry = Guid.Empty;
        if (PageRequest.Single(context.Request.Query, "accounting_entry_id", faults) is not { } text) faults.Add("?accounting_entry_id", "Is missing.");
        else if (!Guid.TryParseExact(text, "D", out entry)) faults.Add("?accounting_entry_id", "Must be a UUID.");
        if (faults.ToFault() is { } invalid) return new FaultResult(invalid);
        if (company is { } refused) return new FaultResult(refused);

        if (await FindAsync() is not { } item) return new FaultResult(ExportJobsErrors.EntryNotFound);
        if (item.Attempt.IsOpen)
        {
            // Its job may have to end first, which ends the item.
            await expiry.LoadAsync(CommandContext.Of(context, ExportJobsDialect.Name), item.JobId, cancellationToken);
            item = (await FindAsync())!;
        }
        return new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("data");
            JobItemObject.Write(json, item);
            json.WriteEndObject();
        });

        async Task<JobItem?> FindAsync() => (await items.OfRecordsAsync(client.TenantId, [entry], [], Newest, cancellationToken)).Page.Rows.SingleOrDefault();
    }
}
