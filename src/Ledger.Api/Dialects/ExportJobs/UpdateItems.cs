using System.Text.Json;
using Ledger.Api.Commands;
using Ledger.Api.Dialects.ExportJobs.Objects;
using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.OpenApi;
using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Projections.Jobs.Pages;

namespace Ledger.Api.Dialects.ExportJobs;

/// <summary><c>PUT /v3/export-jobs/{jobId}/items</c>: reports on up to 100 items of an unfinished job, each answered by itself.</summary>
internal static class UpdateItems
{
    public const int MaxElements = 100;

    /// <summary>The contract's own example ends an object with a comma; it is accepted here and on no other route.</summary>
    private static readonly JsonLimits Limits = JsonLimits.Dialect with { AllowTrailingCommas = true };

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPut("/v3/export-jobs/{jobId}/items", HandleAsync)
        .WithName("updateExportJobItemsV3").WithSummary("Report on items of an export job")
        .WithDescription("Up to 100 items of an unfinished job. Each is answered by itself: `data` has the items that took their report, `errors` the reports that were refused.")
        .WithJobId()
        .WithRequestExample(Examples.Update)
        .WithResponseExample(200, "What became of each report.", Examples.Updated).WithResponseMembers(200, EveryMember.Updated)
        .WithJobNotFound().WithErrors(400)
        .WithResponseExample(413, "More than 100 items.", """{"type":"EXPORT_JOB_ITEMS_UPDATE_LIMIT","message":"At most 100 items per request; got 101."}""")
        .WithJobFinished();

    private static async Task<IResult> HandleAsync(string jobId, HttpContext context, UpdateJobItems update, JobExpiry expiry, CancellationToken cancellationToken)
    {
        if (!JobIdText.TryParse(jobId, out var id, out var fault)) return new FaultResult(fault);
        using var body = await JsonBody.ReadAsync(context, Limits);
        if (body.Fault is { } malformed) return new FaultResult(malformed);
        var faults = new JsonFaults();
        var reports = Read(body.Root, faults);
        if (faults.ToFault() is { } invalid) return new FaultResult(invalid);

        var command = CommandContext.Of(context, ExportJobsDialect.Name);
        if (reports.Count > MaxElements)
            return new FaultResult(await expiry.LoadAsync(command, id, cancellationToken) is null ? ExportJobsErrors.JobNotFound : ExportJobsErrors.TooManyItems(reports.Count));
        JobReport answer;
        try
        {
            answer = await update.HandleAsync(command, id, reports, cancellationToken);
        }
        catch (ContentionException)
        {
            // Nothing was written; the contract has a word for that, per element.
            return new JsonAnswer(json => Write(json, id, reports, [], "ACCOUNTING_ENTRY_UPDATE_FAILED", "The item is being changed by others; send it again."));
        }
        if (answer.Job is not { } job) return new FaultResult(ExportJobsErrors.JobNotFound);
        if (job.State.IsFinished) return new FaultResult(ExportJobsErrors.JobFinished(Words.Of(job.State.Status)));
        return new JsonAnswer(json => Write(json, id, reports, answer.Outcomes, "", ""));
    }

    private static List<JobItemReport> Read(JsonElement root, JsonFaults faults)
    {
        var elements = JsonObjects.Of(root, faults);
        var reports = new List<JobItemReport>(Math.Min(elements.Count, MaxElements));
        foreach (var element in elements)
        {
            var entry = element.RequiredUuid("accountingEntryId");
            var status = element.RequiredEnum("status", Words.ItemStatuses);
            var (externalId, externalUrl, exportedAt) = (element.OptionalString("externalId"), element.OptionalString("externalUrl"), element.OptionalDateTime("exportedAt"));
            var (failureType, failureReason) = (element.OptionalWord("failureReasonType", Words.ItemFailures), element.OptionalString("failureReason"));
            if (entry is null || status is not { } reported) continue;
            reports.Add(new(entry.Value, reported,
                reported is AttemptStatus.Successful ? new ExportReference(externalId, externalUrl, exportedAt, Note: null) : ExportReference.None,
                reported is AttemptStatus.Failed ? failureType : null, reported is AttemptStatus.Failed ? failureReason : null));
        }
        return reports;
    }

    /// <param name="outcomes">Empty: every element failed for <paramref name="failure"/>.</param>
    private static void Write(Utf8JsonWriter json, JobId job, List<JobItemReport> reports, IReadOnlyList<JobItemOutcome> outcomes, string failure, string message)
    {
        json.WriteStartObject();
        json.WriteStartArray("data");
        foreach (var (record, attempt) in Updated(reports, outcomes)) JobItemObject.Write(json, new JobItem(job, record, attempt));
        json.WriteEndArray();
        json.WriteStartArray("errors");
        for (var index = 0; index < reports.Count; index++)
        {
            if (outcomes.Count == 0) WriteError(json, reports[index].RecordUuid, failure, message);
            else if (outcomes[index] is { Refusal: not null } refused) WriteRefusal(json, reports[index], refused);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Each item that took at least one of its reports, once, in its last state, in the order of the request.</summary>
    private static OrderedDictionary<Guid, Attempt> Updated(List<JobItemReport> reports, IReadOnlyList<JobItemOutcome> outcomes)
    {
        var updated = new OrderedDictionary<Guid, Attempt>(outcomes.Count);
        for (var index = 0; index < outcomes.Count; index++)
        {
            if (outcomes[index] is { Refusal: null, Attempt: { } attempt }) updated[reports[index].RecordUuid] = attempt;
        }
        return updated;
    }

    private static void WriteRefusal(Utf8JsonWriter json, JobItemReport report, JobItemOutcome refused)
    {
        if (refused.Attempt is not { } attempt) WriteError(json, report.RecordUuid, "ACCOUNTING_ENTRY_DOES_NOT_EXIST", "Entry is not part of this export job.");
        else WriteError(json, report.RecordUuid, "EXPORT_ENTRY_STATUS_UPDATE_FAILED", $"Item is {Words.Of(attempt.Status)} and cannot be reported as {Words.Of(report.Status)} with these values.");
    }

    private static void WriteError(Utf8JsonWriter json, Guid record, string type, string message)
    {
        json.WriteStartObject();
        json.WriteString("accountingEntryId", record);
        json.WriteString("type", type);
        json.WriteString("message", message);
        json.WriteEndObject();
    }
}
