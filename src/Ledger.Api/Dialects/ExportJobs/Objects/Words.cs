using Ledger.Api.Input;
using Ledger.Domain.Items;
using Ledger.Domain.Jobs;

namespace Ledger.Api.Dialects.ExportJobs.Objects;

/// <summary>The contract's closed lists of words and what they mean here.</summary>
internal static class Words
{
    public static readonly IReadOnlyDictionary<string, JobStatus> JobStatuses = new Dictionary<string, JobStatus>
    {
        ["pending"] = JobStatus.Pending,
        ["in_progress"] = JobStatus.InProgress,
        ["failed"] = JobStatus.Failed,
        ["completed"] = JobStatus.Completed,
        ["completed_with_errors"] = JobStatus.CompletedWithErrors,
    };

    public static readonly JsonWords<AttemptStatus> ItemStatuses = new(
        ("pending", AttemptStatus.Pending), ("in_progress", AttemptStatus.InProgress), ("successful", AttemptStatus.Successful), ("failed", AttemptStatus.Failed), ("abandoned", AttemptStatus.Abandoned));

    private static readonly string[] OnItemsAndJobs =
    [
        "invalid_configuration", "missing_configuration", "accounting_system_authentication_failure", "accounting_system_rate_limit", "accounting_system_unreachable", "validation_failure",
        "authorization_failure", "accounting_system_timeout",
    ];

    public static readonly IReadOnlySet<string> ItemFailures = new HashSet<string>(StringComparer.Ordinal)
    {
        "receipt_upload_failure", "receipt_download_failure", "receipt_file_size_limit_exceeded", "receipt_conversion_failure", "unexpected_failure",
        "accounting_system_validation_failure", "vendor_unknown", "account_unknown", "tax_code_unknown", "tag_unknown",
    }.Concat(OnItemsAndJobs).ToHashSet(StringComparer.Ordinal);

    /// <summary>The contract's fifteen, and <c>accounting_system_validation_failure</c>, which its own guide tells clients to send although the list lacks it.</summary>
    public static readonly IReadOnlySet<string> JobFailures = new HashSet<string>(StringComparer.Ordinal)
    {
        "authentication_failure", "pleo_rate_limit", "service_unreachable", "integration_unusable", "job_expired", "service_timeout", "canceled_by_user",
        "accounting_system_validation_failure",
    }.Concat(OnItemsAndJobs).ToHashSet(StringComparer.Ordinal);

    public static string Of(JobStatus status) => status switch
    {
        JobStatus.Pending => "pending",
        JobStatus.InProgress => "in_progress",
        JobStatus.Failed => "failed",
        JobStatus.Completed => "completed",
        _ => "completed_with_errors",
    };

    /// <summary>The contract has no word for an export somebody cancelled elsewhere; what it calls abandoned was not exported either.</summary>
    public static string Of(AttemptStatus status) => status switch
    {
        AttemptStatus.Pending => "pending",
        AttemptStatus.InProgress => "in_progress",
        AttemptStatus.Successful => "successful",
        AttemptStatus.Failed => "failed",
        _ => "abandoned",
    };

    /// <summary>The statuses an item word stands for in a filter; null when it is no item word.</summary>
    public static IReadOnlyList<AttemptStatus>? ItemStatus(string word) => word switch
    {
        "pending" => [AttemptStatus.Pending],
        "in_progress" => [AttemptStatus.InProgress],
        "successful" => [AttemptStatus.Successful],
        "failed" => [AttemptStatus.Failed],
        "abandoned" => [AttemptStatus.Abandoned, AttemptStatus.Cancelled],
        _ => null,
    };

    /// <summary>An optional word; one that is not on the list is a fault.</summary>
    public static string? OptionalWord(this JsonMembers members, string name, IReadOnlySet<string> words)
    {
        var word = members.OptionalString(name);
        if (word is null || words.Contains(word)) return word;
        members.Fault(name, $"Must be one of: {string.Join(", ", words.Order(StringComparer.Ordinal))}.");
        return null;
    }
}
