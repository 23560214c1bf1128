using Ledger.Api.Hosting;
using Ledger.Domain;
using Ledger.Domain.Jobs;
using Ledger.Projections.Jobs;

namespace Ledger.Api.Commands;

/// <summary>
/// Ends what should have ended by now, before anybody is answered about it: a silent export job, and a batch of accounting
/// exports without an open item. The background sweep does the same to jobs nobody asks about.
/// </summary>
public sealed class JobExpiry(JobStates jobs, MoveJob move, CompleteBatch batches, LedgerOptions options, EventStore.EventStore store)
{
    public int Seconds => options.JobExpirySeconds;

    public TimeSpan Patience => TimeSpan.FromSeconds(options.JobExpirySeconds);

    public DateTimeOffset? ClockOverride => store.ClockOverride;

    /// <param name="now">PostgreSQL's time when the job was read.</param>
    public bool IsDue(JobSnapshot job, DateTimeOffset now) =>
        job.State is { IsFinished: false, Origin: JobOrigin.ExportJobs } && job.LastUpdatedAt + Patience <= (store.ClockOverride ?? now);

    /// <summary>Expires the job if it is still due when it is looked at again.</summary>
    public Task ExpireAsync(CommandContext context, JobId id, CancellationToken cancellationToken) =>
        move.HandleAsync(context, id, new JobCommand.Expire(), cancellationToken, Patience);

    /// <summary>Completes a batch of accounting exports whose last item has its result.</summary>
    /// <returns>Whether the job was one.</returns>
    public async Task<bool> CompleteAsync(CommandContext context, JobSnapshot job, CancellationToken cancellationToken)
    {
        if (job.State.IsFinished || job.State.Origin != JobOrigin.AccountingExports || job.Counts.Open > 0) return false;
        // As with expiry: what the ledger does by itself is no part of the request's one write.
        await batches.HandleAsync(context with { Deferred = null }, job.Id, cancellationToken);
        return true;
    }

    /// <summary>Brings one job up to date.</summary>
    /// <returns>False when the snapshot held already.</returns>
    public async Task<bool> SettleAsync(CommandContext context, JobSnapshot job, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!IsDue(job, now)) return await CompleteAsync(context, job, cancellationToken);
        await ExpireAsync(context, job.Id, cancellationToken);
        return true;
    }

    /// <returns>The job as it is after all that; null when the tenant has none such.</returns>
    public async Task<JobSnapshot?> LoadAsync(CommandContext context, JobId id, CancellationToken cancellationToken)
    {
        var (job, now) = await jobs.LoadAsync(context.TenantId, id, cancellationToken);
        return job is not null && await SettleAsync(context, job, now, cancellationToken) ? (await jobs.LoadAsync(context.TenantId, id, cancellationToken)).Job : job;
    }
}
