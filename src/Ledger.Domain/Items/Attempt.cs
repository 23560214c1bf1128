namespace Ledger.Domain.Items;

/// <summary>Where one try to export an item stands. The first two are open, the others final.</summary>
public enum AttemptStatus { Pending, InProgress, Successful, Failed, Abandoned, Cancelled }

/// <summary>What an export gave back. Times a caller reports are data: they never decide what was exported when.</summary>
public sealed record ExportReference(string? ExternalId, string? ExternalUrl, DateTimeOffset? ReportedAt, string? Note)
{
    public static ExportReference None { get; } = new(null, null, null, null);
}

/// <param name="Type">Open set, stored as given; null when the dialect has no types.</param>
/// <param name="At">Recorded time of the report.</param>
public sealed record ExportFailure(string? Type, string? Reason, DateTimeOffset At);

/// <summary>One try to export an item. An item has at most one open attempt; it keeps its latest.</summary>
/// <param name="JobId">The job it belongs to; null for a single export.</param>
/// <param name="Ordinal">Place of the item in its job's list, from 0.</param>
/// <param name="OpenedBy">The dialect that opened it.</param>
/// <param name="Reference">Of a successful attempt.</param>
/// <param name="Failure">Of a failed attempt.</param>
public sealed record Attempt(
    AttemptId Id, AttemptStatus Status, JobId? JobId, int Ordinal, string OpenedBy, DateTimeOffset OpenedAt, DateTimeOffset ChangedAt,
    ExportReference? Reference, ExportFailure? Failure)
{
    public bool IsOpen => Status is AttemptStatus.Pending or AttemptStatus.InProgress;
}
