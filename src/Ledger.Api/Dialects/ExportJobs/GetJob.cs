using Ledger.Api.Commands;
using Ledger.Api.Dialects.ExportJobs.Objects;
using Ledger.Api.Errors;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Domain;

namespace Ledger.Api.Dialects.ExportJobs;

/// <summary><c>GET /v3/export-jobs/{jobId}</c>, in every status of the job.</summary>
internal static class GetJob
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/v3/export-jobs/{jobId}", HandleAsync)
        .WithName("getExportJobByIdV3").WithSummary("Get an export job").WithJobId()
        .WithResponseExample(200, "The job.", Examples.Job).WithResponseMembers(200, EveryMember.Job)
        .WithJobNotFound().WithErrors(400);

    private static async Task<IResult> HandleAsync(string jobId, HttpContext context, LedgerClient client, JobExpiry expiry, CancellationToken cancellationToken)
    {
        if (!JobIdText.TryParse(jobId, out var id, out var fault)) return new FaultResult(fault);
        if (await expiry.LoadAsync(CommandContext.Of(context, ExportJobsDialect.Name), id, cancellationToken) is not { } job) return new FaultResult(ExportJobsErrors.JobNotFound);
        return new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("data");
            JobObject.Write(json, job, client.TenantId, expiry.Seconds);
            json.WriteEndObject();
        });
    }
}

/// <summary>The path parameter <c>jobId</c>, in either letter case.</summary>
internal static class JobIdText
{
    private static readonly Fault Malformed = Fault.BadRequest("bad_request", "jobId must be a UUID.");

    public static bool TryParse(string text, out JobId id, out Fault fault)
    {
        var valid = Guid.TryParseExact(text, "D", out var uuid);
        (id, fault) = (new(uuid), Malformed);
        return valid;
    }
}
