using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Domain.Jobs;
using Ledger.Projections.Items;
using Ledger.Projections.Jobs;

namespace Ledger.Api.Commands;

/// <summary>Ends one attempt: with its result, or by cancelling it. The last one of a batch completes the batch.</summary>
public sealed class FinishExport(CommandRunner runner, AttemptPages attempts, ItemStates items, CompleteBatch batches)
{
    /// <param name="command">A <see cref="ItemCommand.FinishAttempt"/> or <see cref="ItemCommand.CancelAttempt"/> of this attempt.</param>
    /// <returns>Null when the tenant has no such attempt; else why it is refused, or null, and the attempt as it is now.</returns>
    public async Task<(Refusal? Refusal, AttemptView Attempt)?> HandleAsync(CommandContext context, AttemptId id, ItemCommand command, CancellationToken cancellationToken)
    {
        var answer = await runner.RunAsync<(Refusal? Refusal, AttemptView Attempt)?>(context, async (write, token) =>
        {
            if (await attempts.FindAsync(context.TenantId, id, token) is not { } view) return _ => null;
            var item = (await items.LoadAsync(context.TenantId, view.System, [view.RecordId], token)).GetValueOrDefault(view.RecordId);
            // An attempt that a later one has replaced is final: it is judged by what it ended as.
            var known = item is not null && item.Item.Attempt?.Id != id ? item with { Item = item.Item with { Attempt = view.Attempt } } : item;
            var batch = new ItemBatch();
            var outcome = batch.Decide(known, command);
            batch.AddTo(write);
            return at => (outcome.Refusal, view with { Attempt = at is { } time ? outcome.Item.Attempt!.RecordedAt(time) : view.Attempt });
        }, cancellationToken);
        if (answer is { Refusal: null, Attempt.Attempt.JobId: { } job }) await context.AfterCommitAsync(durable => batches.HandleAsync(durable, job, cancellationToken));
        return answer;
    }
}

/// <summary>Completes a batch of accounting exports once none of its items is open. Asked after each result; the sweep asks again.</summary>
public sealed class CompleteBatch(JobStates jobs, MoveJob move)
{
    public async Task HandleAsync(CommandContext context, JobId id, CancellationToken cancellationToken)
    {
        var (job, _) = await jobs.LoadAsync(context.TenantId, id, cancellationToken);
        if (job is { State: { Origin: JobOrigin.AccountingExports, IsFinished: false }, Counts.Open: 0 })
            await move.HandleAsync(context, id, new JobCommand.Complete(WithErrors: job.Counts.Successful < job.State.NumberOfItems), cancellationToken);
    }
}
