namespace Ledger.Domain.Jobs;

/// <summary>Which API a job came through. Batches of accounting exports complete by themselves and never expire.</summary>
public enum JobOrigin { ExportJobs, AccountingExports }

/// <summary>A fact in a <c>job/{jobId}</c> stream. Its items are the attempts that name it.</summary>
public abstract record JobEvent
{
    /// <param name="CreatedBy">The user who started it, where known.</param>
    /// <param name="BatchId">The name a batch of accounting exports has in its own dialect; null otherwise.</param>
    public sealed record JobCreated(
        SystemId SystemId, JobOrigin Origin, Guid? CreatedBy, bool IsInteractive, bool VendorBasedBookkeeping, int NumberOfItems, string? BatchId) : JobEvent;

    public sealed record JobStarted : JobEvent;

    public sealed record JobCompleted(bool WithErrors) : JobEvent;

    /// <param name="Expired">Nobody touched it for too long; not a statement of the integration's.</param>
    public sealed record JobFailed(string? FailureType, string? Reason, bool Expired) : JobEvent;

    private JobEvent() { }
}
