namespace Ledger.Domain.Items;

/// <summary>
/// A fact in an <c>item/{systemId}/{recordId}</c> stream: the export history of one record in one system. Events that end
/// or move an attempt name it, and the job it belongs to, so that every read model can be kept from the event alone.
/// </summary>
public abstract record ItemEvent
{
    /// <summary>An attempt was opened.</summary>
    public sealed record ExportRequested(AttemptId AttemptId, JobId? JobId, int Ordinal, string OpenedBy) : ItemEvent;

    /// <summary>The open attempt was taken up, or put back.</summary>
    /// <param name="Status">Pending or in progress.</param>
    public sealed record ExportProgressed(AttemptId AttemptId, AttemptStatus Status) : ItemEvent;

    /// <param name="ReportedAt">When the caller says it was exported; data beside the recorded time.</param>
    public sealed record ItemExported(AttemptId? AttemptId, string? ExternalId, string? ExternalUrl, DateTimeOffset? ReportedAt, string? Note) : ItemEvent;

    /// <param name="FailureType">Open set, stored as given.</param>
    public sealed record ItemFailed(AttemptId? AttemptId, string? FailureType, string? Reason) : ItemEvent;

    /// <summary>Somebody states that the item is exported, without an attempt having reported it.</summary>
    public sealed record RecordMarkedExported(AttemptId? AttemptId, string? Note) : ItemEvent;

    /// <summary>The open attempt ended without a result: its job did not complete, or the caller gave it up.</summary>
    public sealed record ExportAbandoned(AttemptId AttemptId) : ItemEvent;

    public sealed record ExportCancelled(AttemptId AttemptId) : ItemEvent;

    /// <summary>The item must be exported again.</summary>
    public sealed record ExportReopened(string? Reason) : ItemEvent;

    private ItemEvent() { }
}
