using static Ledger.Domain.Jobs.JobCommand;
using static Ledger.Domain.Jobs.JobEvent;

namespace Ledger.Domain.Jobs;

public abstract record JobCommand
{
    public sealed record Create(SystemId SystemId, JobOrigin Origin, Guid? CreatedBy, bool IsInteractive, bool VendorBasedBookkeeping, int NumberOfItems, string? BatchId) : JobCommand;

    public sealed record Start : JobCommand;

    public sealed record Complete(bool WithErrors) : JobCommand;

    public sealed record Fail(string? FailureType, string? Reason) : JobCommand;

    /// <summary>Only given once the job has been silent for too long. A batch of accounting exports stays open however long it takes.</summary>
    public sealed record Expire : JobCommand;

    private JobCommand() { }
}

/// <summary>
/// Rules of a job: pending → in progress → completed, completed with errors or failed; a pending job may fail too. The
/// integration's word decides how a job ended; nothing is checked against the items.
/// </summary>
public static class JobDecider
{
    /// <summary>A job holds 1 to 10,000 items.</summary>
    public const int MaxItems = 10_000;

    /// <summary>Failure type of a job nobody touched for too long.</summary>
    public const string ExpiredFailureType = "job_expired";

    public static Decision<JobEvent> Decide(JobCommand command, JobState state) => (command, state) switch
    {
        (Create create, { Exists: false }) => Append(new JobCreated(create.SystemId, create.Origin, create.CreatedBy, create.IsInteractive, create.VendorBasedBookkeeping, create.NumberOfItems, create.BatchId)),
        (Create, _) => Refuse(Refusal.JobStatusChange),
        (_, { Exists: false }) => Refuse(Refusal.JobUnknown),
        (Expire, { IsFinished: true } or { Origin: JobOrigin.AccountingExports }) => new Decision<JobEvent>.NothingToDo(),
        (Expire, _) => Append(new JobFailed(ExpiredFailureType, "Nothing was reported on the job for too long.", Expired: true)),
        (Start, { Status: JobStatus.Pending }) => Append(new JobStarted()),
        (Complete complete, { Status: JobStatus.InProgress }) => Append(new JobCompleted(complete.WithErrors)),
        (Fail fail, { IsFinished: false }) => Append(new JobFailed(fail.FailureType, fail.Reason, Expired: false)),
        _ => Refuse(Refusal.JobStatusChange),
    };

    public static JobState Evolve(JobState state, JobEvent @event, DateTimeOffset recordedAt)
    {
        var next = (state, @event) switch
        {
            ({ Exists: false }, JobCreated created) => state with
            {
                Status = JobStatus.Pending,
                SystemId = created.SystemId,
                Origin = created.Origin,
                CreatedBy = created.CreatedBy,
                IsInteractive = created.IsInteractive,
                VendorBasedBookkeeping = created.VendorBasedBookkeeping,
                NumberOfItems = created.NumberOfItems,
                BatchId = created.BatchId,
                CreatedAt = recordedAt,
            },
            ({ Exists: true, Status: JobStatus.Pending }, JobStarted) => state with { Status = JobStatus.InProgress, StartedAt = recordedAt },
            ({ Exists: true, Status: JobStatus.InProgress }, JobCompleted completed) => state with { Status = completed.WithErrors ? JobStatus.CompletedWithErrors : JobStatus.Completed, CompletedAt = recordedAt },
            ({ Exists: true, IsFinished: false }, JobFailed failed) => state with
            {
                Status = JobStatus.Failed,
                FailureType = failed.FailureType,
                FailureReason = failed.Reason,
                ExpiredAt = failed.Expired ? recordedAt : null,
            },
            _ => throw new InvalidOperationException($"{@event.GetType().Name} at version {state.Version}: corrupt job stream."),
        };
        return next with { Version = state.Version + 1, ChangedAt = recordedAt };
    }

    private static Decision<JobEvent> Append(JobEvent @event) => new Decision<JobEvent>.Append(@event);
    private static Decision<JobEvent> Refuse(Refusal reason) => new Decision<JobEvent>.Refuse(reason);
}
