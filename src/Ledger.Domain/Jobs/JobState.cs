namespace Ledger.Domain.Jobs;

public enum JobStatus { Pending, InProgress, Failed, Completed, CompletedWithErrors }

/// <summary>The life of a job, as its stream tells it.</summary>
/// <param name="Version">Events in its stream; 0: no such job.</param>
/// <param name="ChangedAt">Recorded time of the last event of its own stream; reports on its items are in the read model.</param>
public sealed record JobState(
    long Version, JobStatus Status, SystemId SystemId, JobOrigin Origin, Guid? CreatedBy, bool IsInteractive, bool VendorBasedBookkeeping, int NumberOfItems, string? BatchId,
    DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? CompletedAt, DateTimeOffset? ExpiredAt, string? FailureType, string? FailureReason, DateTimeOffset ChangedAt)
{
    public static JobState None { get; } = new(0, JobStatus.Pending, default, default, null, false, false, 0, null, default, null, null, null, null, null, default);

    public bool Exists => Version > 0;

    public bool IsFinished => Status is JobStatus.Failed or JobStatus.Completed or JobStatus.CompletedWithErrors;
}
