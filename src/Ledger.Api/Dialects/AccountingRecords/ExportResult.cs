using Ledger.Api.Input;
using Ledger.Domain.Items;

namespace Ledger.Api.Dialects.AccountingRecords;

/// <summary>One element of export-results: a success, or (with a message) a failure.</summary>
internal sealed record ExportResult(string RecordId, ExportReference Reference, string? ErrorMessage)
{
    public const int MaxResults = 500;
    private const int MaxReferenceId = 1_000;
    private const int MaxDeepLink = 4_000;
    private const int MaxErrorMessage = 10_000;

    public static IReadOnlyList<ExportResult> Read(JsonMembers body)
    {
        var results = new List<ExportResult>();
        foreach (var element in body.RequiredObjects("results", 1, MaxResults)) results.Add(ReadOne(element));
        return results;
    }

    // An outcome that is null counts as absent: serializers write the members they do not use as null.
    private static ExportResult ReadOne(JsonMembers element)
    {
        var id = element.NotBlank("accounting_record_id", int.MaxValue);
        var (succeeded, failed) = (element.Value("success") is not null, element.Value("failure") is not null);
        if (element.IsPresent && succeeded == failed) element.Fault(null, succeeded ? "Must not have both success and failure." : "Must have either success or failure.");
        var success = element.OptionalObject("success");
        var deepLink = success.OptionalNotBlank("deep_link_url", MaxDeepLink);
        if (success.IsNull("deep_link_url")) success.Fault("deep_link_url", "Must not be null.");
        var reference = new ExportReference(success.OptionalNotBlank("reference_id", MaxReferenceId), deepLink, null, null);
        return new(id ?? "", reference, element.OptionalObject("failure").NotBlank("error_message", MaxErrorMessage));
    }

    public ItemCommand Command => ErrorMessage is { } message ? new ItemCommand.ReportFailed(null, message) : new ItemCommand.ReportExported(Reference);
}
