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

/// <summary><c>POST /v3/export-job-items:search</c>: the items of some entries in all jobs.</summary>
internal static class SearchJobItems
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/v3/export-job-items:search", HandleAsync)
        .WithName("searchExportJobItemsV3").WithSummary("Find the items of accounting entries in all jobs").WithDescription("Deprecated by the contract, which calls it a stop-gap.")
        .WithCompanyId().WithPaging("status", "accountingEntryId, status, exportedAt")
        .WithRequestExample(Examples.Search)
        .WithResponseExample(200, "A page of items, in the order their jobs were made.", Examples.Items).WithResponseMembers(200, EveryMember.Items)
        .WithErrors(400);

    private static async Task<IResult> HandleAsync(
        HttpContext context, LedgerClient client, JobItemPages items, JobQueries jobs, JobExpiry expiry, CursorKey cursors, CancellationToken cancellationToken)
    {
        var key = await cursors.GetAsync(cancellationToken);
        using var body = await JsonBody.ReadAsync(context, JsonLimits.Dialect);
        if (body.Fault is { } malformed) return new FaultResult(malformed);
        var faults = new JsonFaults();
        var members = JsonMembers.Of(body.Root, faults);
        var entries = EntryIds.Read(members, faults);
        var status = members.OptionalEnum("status", Words.ItemStatuses);
        var company = CompanyFilter.Read(context.Request.Query, client, faults);
        var request = PageRequest.Read(context.Request.Query, SortableList.FoundItems, client.TenantId, key, faults);
        if (request is null) return new FaultResult(faults.ToFault()!);
        if (company is { } refused) return new FaultResult(refused);

        // Only the company's unfinished job can hold items that should have been abandoned by now.
        if (await jobs.UnfinishedAsync(client.TenantId, cancellationToken) is { } unfinished)
            await expiry.LoadAsync(CommandContext.Of(context, ExportJobsDialect.Name), unfinished, cancellationToken);
        var found = await items.OfRecordsAsync(client.TenantId, entries, Statuses(status), request.Question, cancellationToken);
        return ListJobItems.Answer(request, found.Page, found.Total);
    }

    private static IReadOnlyList<AttemptStatus> Statuses(AttemptStatus? status) => status is { } one ? Words.ItemStatus(Words.Of(one))! : [];
}
