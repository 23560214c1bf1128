using Ledger.Api.Commands;
using Ledger.Api.Dialects.ExportJobs.Objects;
using Ledger.Api.Dialects.ExportJobs.Paging;
using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Domain.Jobs;
using Ledger.Projections.Jobs.Pages;

namespace Ledger.Api.Dialects.ExportJobs;

/// <summary><c>GET /v3/export-jobs</c>: the company's jobs, oldest first, batches of accounting exports among them.</summary>
internal static class ListJobs
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/v3/export-jobs", HandleAsync)
        .WithName("getExportJobsListV3").WithSummary("List export jobs").WithDescription("Oldest first. Batches of accounting exports are among them.")
        .WithCompanyId()
        .WithQueryParameter("statuses", "Repeat for several: pending, in_progress, failed, completed, completed_with_errors. All if left out.", "pending")
        .WithPaging("createdAt", "createdAt, lastUpdatedAt, id")
        .WithResponseExample(200, "A page of jobs; an empty list when none matches.", Examples.Jobs).WithResponseMembers(200, EveryMember.Jobs)
        .WithErrors(400);

    private static async Task<IResult> HandleAsync(HttpContext context, LedgerClient client, JobPages jobs, JobExpiry expiry, CursorKey cursors, CancellationToken cancellationToken)
    {
        var faults = new JsonFaults();
        var statuses = Statuses(context.Request.Query, faults);
        var company = CompanyFilter.Read(context.Request.Query, client, faults);
        var request = PageRequest.Read(context.Request.Query, SortableList.Jobs, client.TenantId, await cursors.GetAsync(cancellationToken), faults);
        if (request is null) return new FaultResult(faults.ToFault()!);
        if (company is { } refused) return new FaultResult(refused);

        var command = CommandContext.Of(context, ExportJobsDialect.Name);
        var question = new JobListQuestion(client.TenantId, statuses, request.Question, expiry.Patience, expiry.ClockOverride);
        var list = await jobs.ReadAsync(question, cancellationToken);
        if (await SettleAsync(list, command, expiry, cancellationToken)) list = await jobs.ReadAsync(question, cancellationToken);
        return new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("data");
            foreach (var job in list.Page.Rows) JobObject.Write(json, job, client.TenantId, expiry.Seconds);
            json.WriteEndArray();
            PageInfo.Write(json, request, list.Page, list.Total);
            json.WriteEndObject();
        });
    }

    private static async Task<bool> SettleAsync(JobList list, CommandContext context, JobExpiry expiry, CancellationToken cancellationToken)
    {
        var changed = list.Overdue is not null;
        if (list.Overdue is { } overdue) await expiry.ExpireAsync(context, overdue, cancellationToken);
        foreach (var job in list.Page.Rows) changed |= await expiry.CompleteAsync(context, job, cancellationToken);
        return changed;
    }

    private static List<JobStatus> Statuses(IQueryCollection query, JsonFaults faults)
    {
        var statuses = new List<JobStatus>();
        foreach (var word in query["statuses"])
        {
            if (Words.JobStatuses.TryGetValue(word ?? "", out var status)) statuses.Add(status);
            else faults.Add("?statuses", $"Each must be one of: {string.Join(", ", Words.JobStatuses.Keys)}.");
        }
        return statuses;
    }
}
