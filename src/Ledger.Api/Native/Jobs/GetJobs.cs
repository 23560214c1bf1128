using System.Globalization;
using System.Text.Json.Serialization;
using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Domain;
using Ledger.Domain.Jobs;
using Ledger.Projections.Jobs;
using Ledger.Projections.Past;

namespace Ledger.Api.Native.Jobs;

/// <summary>Jobs of every dialect, with how many of their items stand where.</summary>
internal static class GetJobs
{
    private const string List = "jobs";

    private const string Example = """
        {"id":"0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b","system_id":"erp","origin":"export_jobs","batch_id":null,"status":"completed_with_errors","number_of_items":25,
         "counts":{"pending":0,"in_progress":0,"successful":24,"failed":1,"abandoned":0,"cancelled":0},"created_by":null,
         "created_at":"2026-01-15T10:00:00Z","started_at":"2026-01-15T10:00:01Z","completed_at":"2026-01-15T10:02:00Z","expired_at":null,"last_updated_at":"2026-01-15T10:02:00Z","failure":null,"version":3}
        """;

    private sealed record JobFailureBody(string? Type, string? Reason);

    private sealed record JobBody(
        Guid Id, string SystemId, JobOrigin Origin, string? BatchId, JobStatus Status, int NumberOfItems, CountsBody Counts, Guid? CreatedBy,
        DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? CompletedAt, DateTimeOffset? ExpiredAt, DateTimeOffset LastUpdatedAt, JobFailureBody? Failure, long Version,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AsOfBody? AsOf);

    private sealed record CountsBody(int Pending, int InProgress, int Successful, int Failed, int Abandoned, int Cancelled);

    private sealed record Page(IEnumerable<JobBody> Jobs, string? NextCursor);

    public static readonly Fault Unknown = Fault.NotFound("job_not_found", "There is no such job.");

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/jobs", PageAsync).RequireScope("exports:read", "audit:read")
            .WithSummary("List jobs").WithDescription("Export jobs and batches of accounting exports, newest first.")
            .WithQueryParameter("status", "`pending`, `in_progress`, `failed`, `completed` or `completed_with_errors`.", "in_progress")
            .WithQueryParameter("system_id", "Only jobs of this system.", "erp").WithQueryParameter("origin", "`export_jobs` or `accounting_exports`.", "export_jobs").WithPaging()
            .WithResponseExample(200, "A page.", $$"""{"jobs":[{{Example}}],"next_cursor":null}""").WithErrors(400);
        routes.MapGet("/jobs/{id}", OneAsync).RequireScope("exports:read", "audit:read")
            .WithSummary("Get a job").WithDescription("The counts are kept, not counted: asking costs the same for any size of job. " + AsOfQuery.Description + " They are counted then, from the histories of the job's items.")
            .WithPathParameter("id", "The job's UUID.", "0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b").WithAsOf().WithHeader("If-None-Match", "The `ETag` of an earlier answer.", "\"3.0.0.24.1.0.0\"")
            .WithResponseExample(200, "The job.", Example).WithResponseMembers(200, AsOfQuery.Members).WithResponseExample(304, "The job is as it was.").WithErrors(400, 404);
    }

    private static async Task<IResult> OneAsync(HttpContext context, LedgerClient client, JobStates jobs, PastStates past, Moments moments, CancellationToken cancellationToken)
    {
        var query = new NativeQuery(context);
        var asked = query.AsOf();
        if (query.Fault is { } fault) return new FaultResult(fault);
        if (asked is { } then)
        {
            var (moment, refusal) = await moments.FindAsync(client, then, cancellationToken);
            if (moment is null) return new FaultResult(refusal!);
            return Id(context) is { } id && await past.JobAsync(client.TenantId, id, moment.Position, cancellationToken) is { } was
                ? NativeJson.Ok(Body(was, AsOfBody.Of(moment)))
                : new FaultResult(Unknown);
        }
        if (await FindAsync(context, client, jobs, cancellationToken) is not { } job) return new FaultResult(Unknown);
        var counts = job.Counts;
        return NativeJson.Versioned(context, $"{job.State.Version}.{counts.Pending}.{counts.InProgress}.{counts.Successful}.{counts.Failed}.{counts.Abandoned}.{counts.Cancelled}", Body(job));
    }

    private static JobId? Id(HttpContext context) => Guid.TryParseExact((string?)context.Request.RouteValues["id"], "D", out var id) ? new JobId(id) : null;

    public static async Task<JobSnapshot?> FindAsync(HttpContext context, LedgerClient client, JobStates jobs, CancellationToken cancellationToken) =>
        Id(context) is { } id ? (await jobs.LoadAsync(client.TenantId, id, cancellationToken)).Job : null;

    private static async Task<IResult> PageAsync(HttpContext context, LedgerClient client, JobListing jobs, Cursors cursors, CancellationToken cancellationToken)
    {
        var query = new NativeQuery(context);
        var filter = new JobFilter(
            query.Word<JobStatus>("status"), query.Text("system_id", SystemId.MaxLength) is { } system ? new SystemId(system.Trim()) : null, query.Word<JobOrigin>("origin"));
        var limit = query.Limit();
        var place = await query.PlaceAsync(cursors, List, client.TenantId, cancellationToken);
        if (query.Fault is { } fault) return new FaultResult(fault);
        var page = await jobs.ListAsync(client.TenantId, filter, place is null ? null : Before(place), limit + 1, cancellationToken);
        var next = page.Count > limit ? await cursors.WriteAsync(List, client.TenantId, Place(page[limit - 1]), cancellationToken) : null;
        return NativeJson.Ok(new Page(page.Take(limit).Select(Body), next));
    }

    private static JobBody Body(JobSnapshot job) => Body(job, null);

    private static JobBody Body(JobSnapshot job, AsOfBody? asOf) => new(
        job.Id.Value, job.State.SystemId.Value, job.State.Origin, job.State.BatchId, job.State.Status, job.State.NumberOfItems,
        new(job.Counts.Pending, job.Counts.InProgress, job.Counts.Successful, job.Counts.Failed, job.Counts.Abandoned, job.Counts.Cancelled), job.State.CreatedBy,
        job.State.CreatedAt, job.State.StartedAt, job.State.CompletedAt, job.State.ExpiredAt, job.LastUpdatedAt,
        job.State.FailureType is null && job.State.FailureReason is null ? null : new(job.State.FailureType, job.State.FailureReason), job.State.Version, asOf);

    private static string Place(JobSnapshot job) => string.Create(CultureInfo.InvariantCulture, $"{job.State.CreatedAt.UtcTicks}/{job.Id}");

    private static (DateTimeOffset, JobId) Before(string place)
    {
        var parts = place.Split('/');
        return (new DateTimeOffset(long.Parse(parts[0], CultureInfo.InvariantCulture), TimeSpan.Zero), new JobId(Guid.Parse(parts[1])));
    }
}
