using System.Text.Json;
using Ledger.Api.Errors;

namespace Ledger.Api.Dialects.ExportJobs;

/// <summary>The contract's error body, <c>{"type","message"}</c>, and its own refusals.</summary>
internal sealed class ExportJobsErrors() : ErrorShape("/v3/export-")
{
    public static readonly ExportJobsErrors Shape = new();

    public static readonly Fault JobNotFound = Fault.NotFound("export_not_found", "No such export job.");
    public static readonly Fault EntryNotFound = Fault.NotFound("export_entry_not_found", "No export job item for that accounting entry.");
    public static readonly Fault AlreadyInProgress = Fault.Conflict("export_already_in_progress", "Company has an unfinished export job.");
    public static readonly Fault OtherCompany = new(FaultKind.Forbidden, "forbidden", "The credential does not cover that company.");

    public static Fault JobFinished(string status) => Fault.Unprocessable("export_job_status_unprocessable", $"Job is already {status}.");

    public static Fault StatusChange(string @event, string status) =>
        Fault.Unprocessable("invalid_export_job_status_change", $"Cannot apply '{@event}' to a job in status '{status}'.");

    public static Fault TooManyItems(int count) =>
        new(FaultKind.PayloadTooLarge, "export_job_items_update_limit", $"At most {UpdateItems.MaxElements} items per request; got {count}.");

    public static Fault MissingContraAccounts(IEnumerable<string> currencies) =>
        Fault.BadRequest("missing_contra_accounts", $"No contra account is mapped for: {string.Join(", ", currencies.Distinct().Order(StringComparer.Ordinal))}.");

    protected override string ContentType => JsonAnswer.MediaType;

    protected override void WriteBody(Utf8JsonWriter json, Fault fault, int status, string correlationId)
    {
        json.WriteStartObject();
        json.WriteString("type", Type(fault));
        json.WriteString("message", fault.Details.Count < 2 ? fault.Message : string.Join(' ', fault.Details.Select(detail => $"{detail.Pointer}: {detail.Message}")));
        json.WriteEndObject();
    }

    /// <summary>The contract's own constant where it has one, else the one for the status.</summary>
    private static string Type(Fault fault) => fault.Code switch
    {
        "export_not_found" or "export_entry_not_found" or "export_already_in_progress" or "export_job_status_unprocessable" or "invalid_export_job_status_change"
            or "export_job_items_update_limit" or "missing_contra_accounts" => fault.Code.ToUpperInvariant(),
        _ => fault.Kind switch
        {
            FaultKind.BadRequest => "BAD_REQUEST",
            FaultKind.Unauthorized => "UNAUTHORIZED",
            FaultKind.Forbidden => "FORBIDDEN",
            FaultKind.NotFound => "NOT_FOUND",
            FaultKind.TooManyRequests => "TOO_MANY_REQUESTS",
            FaultKind.Unavailable => "SERVICE_UNAVAILABLE",
            >= FaultKind.Internal => "INTERNAL_SERVER_ERROR",
            _ => fault.Code.ToUpperInvariant(),
        },
    };
}
