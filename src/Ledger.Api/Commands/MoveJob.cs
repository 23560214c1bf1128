using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Domain.Jobs;
using Ledger.Projections.Items;
using Ledger.Projections.Jobs;

namespace Ledger.Api.Commands;

/// <summary>Starts or ends a job. When it ends, its items without a final result are abandoned in the same transaction.</summary>
public sealed class MoveJob(CommandRunner runner, JobStates jobs, ItemStates items, EventStore.EventStore store, LargeWrites large)
{
    /// <summary>Applies to whatever the job is now.</summary>
    /// <param name="silentFor">For <see cref="JobCommand.Expire"/>: only if nothing was reported on the job for this long, judged by PostgreSQL's clock.</param>
    /// <returns>Why it is refused, or null.</returns>
    public async Task<Refusal?> HandleAsync(CommandContext context, JobId id, JobCommand command, CancellationToken cancellationToken, TimeSpan? silentFor = null)
    {
        IDisposable? room = null;
        try
        {
            // What the ledger does by itself on the way to an answer is no part of the request's one write. Its room is the request's all the same: it may hold
            // all there is, and would wait for itself.
            return await runner.RunAsync<Refusal?>(silentFor is null ? context : context with { Deferred = null }, async (write, token) =>
            {
                var (job, now) = await jobs.LoadAsync(context.TenantId, id, token);
                if (silentFor is { } patience && (job is null || job.LastUpdatedAt + patience > (store.ClockOverride ?? now))) return _ => null;
                var state = job?.State ?? JobState.None;
                switch (JobDecider.Decide(command, state))
                {
                    case Decision<JobEvent>.Append append:
                        write.Append(id, state, append.Events);
                        if (command is JobCommand.Start) return _ => null;
                        room ??= await large.EnterAsync(context, job!.Counts.Open, token);
                        var batch = new ItemBatch();
                        foreach (var item in (await items.OpenInJobAsync(context.TenantId, state.SystemId, id, token)).Values) batch.Decide(item, new ItemCommand.AbandonAttempt(id));
                        batch.AddTo(write);
                        return _ => null;
                    case Decision<JobEvent>.Refuse refuse:
                        return _ => refuse.Reason;
                    default:
                        return _ => null;
                }
            }, cancellationToken);
        }
        finally
        {
            room?.Dispose();
        }
    }
}
