namespace Ledger.Domain.Items;

public abstract record ItemCommand
{
    /// <summary>Opens an attempt.</summary>
    /// <param name="RecordIsReady">The record's standing, which another stream decides.</param>
    /// <param name="AgainIfExported">Whether an exported item may be exported once more.</param>
    public sealed record RequestExport(AttemptId AttemptId, JobId? JobId, int Ordinal, string OpenedBy, bool RecordIsReady, bool AgainIfExported) : ItemCommand;

    /// <summary>The item was exported, whoever worked on it; an open attempt succeeds by it.</summary>
    public sealed record ReportExported(ExportReference Reference) : ItemCommand;

    /// <summary>The item could not be exported, whoever worked on it; an open attempt fails by it.</summary>
    /// <param name="ReadySince">When the record was last made ready or corrected, which another stream decides: a failure older than this is not the same one again, whatever it says.</param>
    public sealed record ReportFailed(string? Type, string? Reason, DateTimeOffset? ReadySince = null) : ItemCommand;

    /// <summary>States that the item is exported. Each mark is kept, also of an item that is exported already.</summary>
    public sealed record MarkExported(string? Note) : ItemCommand;

    /// <summary>Moves the attempt that one job made: the job's own report on its item.</summary>
    /// <param name="Reference">For <see cref="AttemptStatus.Successful"/>.</param>
    public sealed record UpdateAttempt(JobId JobId, AttemptStatus Status, ExportReference Reference, string? FailureType, string? FailureReason) : ItemCommand;

    /// <summary>The final result of one attempt, reported by the target system.</summary>
    public sealed record FinishAttempt(AttemptId AttemptId, bool Success, ExportReference Reference, string? FailureReason) : ItemCommand;

    public sealed record CancelAttempt(AttemptId AttemptId) : ItemCommand;

    /// <summary>Ends the attempt of a job that ended before it; final attempts stay as they are.</summary>
    public sealed record AbandonAttempt(JobId JobId) : ItemCommand;

    /// <param name="Reason">Why; shown on the timeline.</param>
    public sealed record Reopen(string? Reason) : ItemCommand;

    private ItemCommand() { }
}
