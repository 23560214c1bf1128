using Ledger.Domain;
using Ledger.Domain.Jobs;

namespace Ledger.Projections.Jobs;

/// <summary>How many items of a job stand where.</summary>
public sealed record JobCounts(int Pending, int InProgress, int Successful, int Failed, int Abandoned, int Cancelled)
{
    public static JobCounts None { get; } = new(0, 0, 0, 0, 0, 0);

    /// <summary>Items without a final result.</summary>
    public int Open => Pending + InProgress;
}

/// <summary>A job with what its items add to it.</summary>
/// <param name="LastUpdatedAt">The last event of the job, or the last report that changed one of its items.</param>
public sealed record JobSnapshot(JobId Id, JobState State, JobCounts Counts, DateTimeOffset LastUpdatedAt);

/// <summary>A job changed by one append.</summary>
public sealed record JobChange(JobId Id, JobState Before, JobState After);
