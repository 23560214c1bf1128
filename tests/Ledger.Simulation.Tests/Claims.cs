using Ledger.Simulation.Tests.Clients;
using Ledger.Testing.Histories;

namespace Ledger.Simulation.Tests;

/// <summary>Whether an answer's statement holds of one state.</summary>
internal static class Claims
{
    /// <param name="state">Of the stream or of its record, as <see cref="PlainLedger"/> has it; null: before its first event.</param>
    public static bool IsTrue(Claim claim, object? state) => claim.Word switch
    {
        "item" => state is PlainItem or null && (state as PlainItem ?? PlainItem.Untouched) is var item && (item.Version, item.Exported, item.IsOpen) == (claim.Version, claim.Exported, claim.Open),
        "attempt" => state is PlainItem { Attempt: { } attempt } && attempt.Id == claim.Attempt && attempt.Status == claim.Status,
        "job" => state is PlainJob job && (job.Status == claim.Status || (job.Status == "completed" && claim.Status == "completed_with_errors")),
        "unfinished" => state is PlainJob { IsUnfinished: true },
        "finished" => state is PlainJob { IsUnfinished: false, Version: > 0 },
        "JobStatusChange start" => state is PlainJob { Status: not "pending" },
        "JobStatusChange complete" => state is PlainJob { Status: not "in_progress" },
        "JobStatusChange fail" => state is PlainJob { IsUnfinished: false },
        "RecordUnknown" => state is null,
        "RecordNotReady" => state is PlainRecord { IsReady: false },
        "RecordWithdrawn" => state is PlainRecord { Withdrawn: true },
        "AttemptOpen" => state is PlainItem { IsOpen: true },
        "AlreadyExported" => state is PlainItem { Exported: true },
        "NothingToReopen" => state is null or PlainItem { Exported: false, Failed: false },
        "AttemptFinal" => state is PlainItem { Attempt: { } latest } && (latest.Id != claim.Attempt || !latest.IsOpen),
        "IntegrationActive" or "IntegrationNotActive" => true,
        _ => false,
    };
}
