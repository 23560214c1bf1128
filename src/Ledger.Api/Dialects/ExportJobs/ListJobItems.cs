using Ledger.Api.Commands;
using Ledger.Api.Dialects.ExportJobs.Objects;
using Ledger.Api.Dialects.ExportJobs.Paging;
using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Domain.Items;
using Ledger.Projections.Jobs;
using Ledger.Projections.Jobs.Pages;

namespace Ledger.Api.Dialects.ExportJobs;

/// <summary><c>GET /v3/export-jobs/{jobId}/items</c>: the control data of a job, in every status, in the order the job was made with.</summary>
internal static class ListJobItems
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/v3/export-jobs/{jobId}/items", HandleAsync)
        .WithName("getExportJobItemsV3").WithSummary("List the items of an export job").WithDescription("How far each entry of the job has got, in the order the job was made with; in every status of the job.")
        .WithJobId()
        .WithQueryParameter("status", "One of pending, in_progress, successful, failed, abandoned.", "pending")
        .WithPaging("status", "accountingEntryId, status, exportedAt")
        .WithResponseExample(200, "A page of items.", Examples.Items).WithResponseMembers(200, EveryMember.Items)
        .WithJobNotFound().WithErrors(400);

    private static async Task<IResult> HandleAsync(
        string jobId, HttpContext context, LedgerClient client, JobItemPages items, JobExpiry expiry, CursorKey cursors, CancellationToken cancellationToken)
    {
        if (!JobIdText.TryParse(jobId, out var id, out var fault)) return new FaultResult(fault);
        var faults = new JsonFaults();
        var statuses = Status(context.Request.Query, faults);
        var request = PageRequest.Read(context.Request.Query, SortableList.JobItems, client.TenantId, await cursors.GetAsync(cancellationToken), faults);
        if (request is null) return new FaultResult(faults.ToFault()!);

        var list = await items.OfJobAsync(client.TenantId, id, statuses, request.Question, cancellationToken);
        if (list.Job is null) return new FaultResult(ExportJobsErrors.JobNotFound);
        if (await expiry.SettleAsync(CommandContext.Of(context, ExportJobsDialect.Name), list.Job, list.Now, cancellationToken))
            list = await items.OfJobAsync(client.TenantId, id, statuses, request.Question, cancellationToken);
        return Answer(request, list.Page, Total(list.Job!, statuses));
    }

    public static JsonAnswer Answer(PageRequest request, Page<JobItem> page, long? total) => new(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("data");
        foreach (var item in page.Rows) JobItemObject.Write(json, item);
        json.WriteEndArray();
        PageInfo.Write(json, request, page, total);
        json.WriteEndObject();
    });

    private static IReadOnlyList<AttemptStatus> Status(IQueryCollection query, JsonFaults faults)
    {
        if (PageRequest.Single(query, "status", faults) is not { } word) return [];
        if (Words.ItemStatus(word) is { } statuses) return statuses;
        faults.Add("?status", "Must be one of: pending, in_progress, successful, failed, abandoned.");
        return [];
    }

    // The job keeps these counts: nothing is counted here.
    private static long Total(JobSnapshot job, IReadOnlyList<AttemptStatus> statuses) => statuses.Count == 0 ? job.State.NumberOfItems : statuses.Sum(status => status switch
    {
        AttemptStatus.Pending => job.Counts.Pending,
        AttemptStatus.InProgress => job.Counts.InProgress,
        AttemptStatus.Successful => job.Counts.Successful,
        AttemptStatus.Failed => job.Counts.Failed,
        AttemptStatus.Abandoned => job.Counts.Abandoned,
        _ => job.Counts.Cancelled,
    });
}
