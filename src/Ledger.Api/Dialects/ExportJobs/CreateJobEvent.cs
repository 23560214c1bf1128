using Ledger.Api.Commands;
using Ledger.Api.Dialects.ExportJobs.Objects;
using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.OpenApi;
using Ledger.Domain;
using Ledger.Domain.Jobs;

namespace Ledger.Api.Dialects.ExportJobs;

/// <summary><c>POST /v3/export-job-events</c>: the integration starts or ends a job. Applied before the answer, which has no body.</summary>
internal static class CreateJobEvent
{
    private enum Kind { Started, Failed, Completed, CompletedWithErrors }

    private static readonly JsonWords<Kind> Kinds = new(
        ("started", Kind.Started), ("failed", Kind.Failed), ("completed", Kind.Completed), ("completed_with_errors", Kind.CompletedWithErrors));

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/v3/export-job-events", HandleAsync)
        .WithName("createExportJobEventV3").WithSummary("Start or end an export job")
        .WithDescription("`started` takes a pending job; `completed`, `completed_with_errors` and `failed` end it. Items without a result are abandoned then.")
        .WithRequestExample(Examples.Started, name: "started").WithRequestExample(Examples.Failed, name: "failed")
        .WithResponseExample(202, "Applied. No body.")
        .WithJobNotFound().WithErrors(400)
        .WithResponseExample(422, "The event is not allowed in the job's status.", """{"type":"INVALID_EXPORT_JOB_STATUS_CHANGE","message":"Cannot apply 'started' to a job in status 'completed'."}""");

    private static async Task<IResult> HandleAsync(HttpContext context, MoveJob move, JobExpiry expiry, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(context, JsonLimits.Dialect);
        if (body.Fault is { } malformed) return new FaultResult(malformed);
        var faults = new JsonFaults();
        var members = JsonMembers.Of(body.Root, faults);
        var (jobId, kind) = (members.RequiredUuid("jobId"), members.RequiredEnum("event", Kinds));
        var (reason, type) = (members.OptionalString("failureReason"), members.OptionalWord("failureReasonType", Words.JobFailures));
        if (faults.ToFault() is { } invalid) return new FaultResult(invalid);

        var command = CommandContext.Of(context, ExportJobsDialect.Name);
        var id = new JobId(jobId!.Value);
        if (await expiry.LoadAsync(command, id, cancellationToken) is null) return new FaultResult(ExportJobsErrors.JobNotFound);
        if (await move.HandleAsync(command, id, Command(kind!.Value, type, reason), cancellationToken) is null) return Results.StatusCode(StatusCodes.Status202Accepted);
        var refusing = await expiry.LoadAsync(command, id, cancellationToken);
        return new FaultResult(ExportJobsErrors.StatusChange(members.OptionalString("event")!, Words.Of(refusing!.State.Status)));
    }

    // A reason given with another event than "failed" says nothing about the job and is not kept.
    private static JobCommand Command(Kind kind, string? type, string? reason) => kind switch
    {
        Kind.Started => new JobCommand.Start(),
        Kind.Failed => new JobCommand.Fail(type, reason),
        _ => new JobCommand.Complete(WithErrors: kind is Kind.CompletedWithErrors),
    };
}
