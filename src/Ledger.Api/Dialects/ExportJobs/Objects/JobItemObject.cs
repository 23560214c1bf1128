using System.Text.Json;
using Ledger.Domain.Items;
using Ledger.Projections.Jobs.Pages;

namespace Ledger.Api.Dialects.ExportJobs.Objects;

/// <summary>Writes <c>ExportJobItemV3</c>.</summary>
internal static class JobItemObject
{
    public static void Write(Utf8JsonWriter json, JobItem item)
    {
        var attempt = item.Attempt;
        var reference = attempt.Status is AttemptStatus.Successful ? attempt.Reference : null;
        json.WriteStartObject();
        json.WriteString("exportJobId", item.JobId.Value);
        json.WriteString("accountingEntryId", item.RecordUuid);
        json.WriteString("status", Words.Of(attempt.Status));
        json.WriteString("externalId", reference?.ExternalId);
        json.WriteString("externalUrl", reference?.ExternalUrl);
        // A success whose reporter named no time happened, for all the ledger knows, when it was reported.
        json.WriteTime("exportedAt", attempt.Status is AttemptStatus.Successful ? reference?.ReportedAt ?? attempt.ChangedAt : null);
        json.WriteString("failureReason", attempt.Status is AttemptStatus.Failed ? attempt.Failure?.Reason : null);
        json.WriteString("failureReasonType", attempt.Status is AttemptStatus.Failed ? attempt.Failure?.Type : null);
        json.WriteEndObject();
    }
}
