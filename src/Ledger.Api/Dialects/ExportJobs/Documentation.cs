using Ledger.Api.OpenApi;

namespace Ledger.Api.Dialects.ExportJobs;

/// <summary>What several operations of this contract say about themselves in the same words.</summary>
internal static class Documentation
{
    public static RouteHandlerBuilder WithJobId(this RouteHandlerBuilder route) => route.WithPathParameter("jobId", "The export job, in either letter case.", Examples.JobId);

    public static RouteHandlerBuilder WithCompanyId(this RouteHandlerBuilder route) =>
        route.WithQueryParameter("company_id", "The company (tenant) of the credential; naming another one is 403.", Examples.CompanyId);

    public static RouteHandlerBuilder WithPaging(this RouteHandlerBuilder route, string sortingKey, string sortable) => route
        .WithQueryParameter("before", "Rows before this cursor (`pagination.startCursor` of a page). Not with `after` or `offset`.", Examples.Cursor)
        .WithQueryParameter("after", "Rows after this cursor (`pagination.endCursor` of a page). Not with `before` or `offset`.", Examples.Cursor)
        .WithQueryParameter("offset", "Rows to skip. Not with `before` or `after`.", "0")
        .WithQueryParameter("limit", "Rows per page: 50 if left out; more than 100 counts as 100; 0 gives the total only.", "50")
        .WithQueryParameter("sorting_keys", $"Repeat for several: {sortable}.", sortingKey)
        .WithQueryParameter("sorting_order", "One per sorting key: ASC, ASC_NULLS_FIRST, ASC_NULLS_LAST, DESC, DESC_NULLS_FIRST, DESC_NULLS_LAST.", "ASC");

    public static RouteHandlerBuilder WithJobNotFound(this RouteHandlerBuilder route) =>
        route.WithResponseExample(404, "No such job in the company.", """{"type":"EXPORT_NOT_FOUND","message":"No such export job."}""");

    public static RouteHandlerBuilder WithJobFinished(this RouteHandlerBuilder route) =>
        route.WithResponseExample(422, "The job is finished.", """{"type":"EXPORT_JOB_STATUS_UNPROCESSABLE","message":"Job is already completed."}""");

    public static RouteHandlerBuilder WithMissingContraAccounts(this RouteHandlerBuilder route) =>
        route.WithResponseExample(400, "The request is malformed, or an entry that moves a balance has no contra account mapped.", """{"type":"MISSING_CONTRA_ACCOUNTS","message":"No contra account is mapped for: EUR."}""");
}
