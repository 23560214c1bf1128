using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Domain.Jobs;
using Ledger.Projections.Jobs;

namespace Ledger.Api.Commands;

/// <summary>One report of a job's integration on one item.</summary>
public sealed record JobItemReport(Guid RecordUuid, AttemptStatus Status, ExportReference Reference, string? FailureType, string? FailureReason);

/// <param name="Attempt">The job's attempt after the report; null when the record is not in the job.</param>
/// <param name="Refusal">Null unless refused.</param>
public sealed record JobItemOutcome(Attempt? Attempt, Refusal? Refusal);

/// <param name="Job">Null: unknown. Finished: nothing was applied.</param>
/// <param name="Outcomes">One per report, in the order given.</param>
public sealed record JobReport(JobSnapshot? Job, IReadOnlyList<JobItemOutcome> Outcomes);

/// <summary>Applies a job's reports on its own items; the job must be unfinished, and stays so until they are durable.</summary>
public sealed class UpdateJobItems(CommandRunner runner, JobItemStates states, JobExpiry expiry, CompleteBatch batches)
{
    public async Task<JobReport> HandleAsync(CommandContext context, JobId id, IReadOnlyList<JobItemReport> reports, CancellationToken cancellationToken)
    {
        Guid[] records = [.. reports.Select(report => report.RecordUuid).Distinct()];
        while (true)
        {
            var overdue = false;
            var answer = await runner.RunAsync<JobReport>(context, async (write, token) =>
            {
                var (job, now, items) = await states.LoadAsync(context.TenantId, id, records, token);
                overdue = job is not null && expiry.IsDue(job, now);
                if (overdue || job is null || job.State.IsFinished) return _ => new(job, []);
                var batch = new ItemBatch();
                var outcomes = reports.Select(report => Decide(batch, id, items.GetValueOrDefault(report.RecordUuid), report)).ToList();
                batch.AddTo(write);
                write.Guard(id, job.State.Version);
                return at => new(job, at is { } recordedAt ? [.. outcomes.Select(outcome => outcome with { Attempt = outcome.Attempt?.RecordedAt(recordedAt) })] : outcomes);
            }, cancellationToken);
            if (!overdue && answer.Job?.State.Origin == JobOrigin.AccountingExports) await context.AfterCommitAsync(durable => batches.HandleAsync(durable, id, cancellationToken));
            if (!overdue) return answer;
            await expiry.ExpireAsync(context, id, cancellationToken);
        }
    }

    private static JobItemOutcome Decide(ItemBatch batch, JobId job, JobItemSnapshot? known, JobItemReport report)
    {
        if (known is null) return new(null, Refusal.AttemptUnknown);
        var command = new ItemCommand.UpdateAttempt(job, report.Status, report.Reference, report.FailureType, report.FailureReason);
        if (known.Own.Id == known.Item.Item.Attempt?.Id)
        {
            var outcome = batch.Decide(known.Item, command);
            return new(outcome.Item.Attempt, outcome.Refusal);
        }
        // The item has gone on to another attempt: the job's own is history, which may be repeated and not changed.
        var repeats = ItemDecider.Decide(command, known.Item.Item with { Attempt = known.Own }) is Decision<ItemEvent>.NothingToDo;
        return new(known.Own, repeats ? null : Refusal.AttemptFinal);
    }
}
