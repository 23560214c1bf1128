using Ledger.Api.Commands;
using Ledger.Api.Dialects.ExportJobs.Objects;
using Ledger.Api.Dialects.ExportJobs.Paging;
using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Domain;
using Ledger.Projections.Jobs.Pages;

namespace Ledger.Api.Dialects.ExportJobs;

/// <summary><c>GET /v3/export-items</c>: the bookkeeping data of all entries of an unfinished job, whatever the status of their items.</summary>
internal static class ListExportItems
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/v3/export-items", HandleAsync)
        .WithName("getExportItemsV3").WithSummary("List the export items of a job").WithDescription("The bookkeeping data of every entry of a pending or running job.")
        .WithQueryParameter("job_id", "The export job. Without it: 400.", Examples.JobId)
        .WithPaging("date", "date, accountingEntryId")
        .WithResponseExample(200, "A page of export items, in the order the job was made with.", Examples.ExportItems).WithResponseMembers(200, EveryMember.ExportItems)
        .WithMissingContraAccounts().WithJobNotFound().WithJobFinished();

    private static async Task<IResult> HandleAsync(HttpContext context, LedgerClient client, JobRecordPages records, JobExpiry expiry, CursorKey cursors, CancellationToken cancellationToken)
    {
        var faults = new JsonFaults();
        var job = Guid.Empty;
        if (PageRequest.Single(context.Request.Query, "job_id", faults) is not { } text) faults.Add("?job_id", "Is missing.");
        else if (!Guid.TryParseExact(text, "D", out job)) faults.Add("?job_id", "Must be a UUID.");
        var request = PageRequest.Read(context.Request.Query, SortableList.ExportItems, client.TenantId, await cursors.GetAsync(cancellationToken), faults);
        if (request is null) return new FaultResult(faults.ToFault()!);

        // Whoever reads on with a cursor was told on the first page.
        var list = await records.ReadAsync(client.TenantId, new JobId(job), request.Question, withUnmapped: request.Question.Cursor is null, cancellationToken);
        if (list.Job is null) return new FaultResult(ExportJobsErrors.JobNotFound);
        var current = await expiry.SettleAsync(CommandContext.Of(context, ExportJobsDialect.Name), list.Job, list.Now, cancellationToken)
            ? await expiry.LoadAsync(CommandContext.Of(context, ExportJobsDialect.Name), list.Job.Id, cancellationToken) : list.Job;
        if (current!.State.IsFinished) return new FaultResult(ExportJobsErrors.JobFinished(Words.Of(current.State.Status)));
        if (MissingContraAccounts.Currencies(list.Unmapped) is { Count: > 0 } currencies) return new FaultResult(ExportJobsErrors.MissingContraAccounts(currencies));
        return new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("data");
            foreach (var record in list.Page.Rows) ExportItemObject.Write(json, record, client.TenantId, current.State.VendorBasedBookkeeping);
            json.WriteEndArray();
            PageInfo.Write(json, request, list.Page, current.State.NumberOfItems);
            json.WriteEndObject();
        });
    }
}
