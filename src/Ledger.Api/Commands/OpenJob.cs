using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Domain.Jobs;
using Ledger.Projections.Items;
using Ledger.Projections.Jobs;
using Ledger.Projections.Systems;

namespace Ledger.Api.Commands;

/// <summary>An item that cannot go into a job, and why.</summary>
/// <param name="Index">Place in the list asked for.</param>
/// <param name="Snapshot">Null when the record is unknown.</param>
public sealed record RefusedItem(int Index, ItemSnapshot? Snapshot, Refusal Reason);

/// <param name="Exports">The attempt opened for each item, in the order asked.</param>
public sealed record OpenedJob(JobId Id, DateTimeOffset CreatedAt, IReadOnlyList<(ItemSnapshot Item, AttemptId Attempt)> Exports);

/// <summary>Makes a job of 1 to 10,000 items, all or nothing: every item gets an attempt, or the job is not made.</summary>
public sealed class OpenJob(CommandRunner runner, ItemStates items, JobQueries queries, SystemRegistry systems, LargeWrites large)
{
    /// <param name="create">Its <c>NumberOfItems</c>, what is asked for, is replaced by the number of distinct records.</param>
    /// <param name="load">Loads the items in the order asked; unknown ones are null. Called again after a lost race.</param>
    /// <param name="started">Whether the job is started at once.</param>
    /// <returns>The job, or the unfinished job in the way, or the items that cannot go into it.</returns>
    public async Task<(OpenedJob? Job, JobId? InTheWay, IReadOnlyList<RefusedItem> Refused)> HandleAsync(
        CommandContext context, JobCommand.Create create, Func<ItemStates, CancellationToken, Task<IReadOnlyList<ItemSnapshot?>>> load, bool againIfExported, bool started,
        CancellationToken cancellationToken)
    {
        using var room = await large.EnterAsync(context, create.NumberOfItems, cancellationToken);
        await systems.EnsureKnownAsync(context.TenantId, create.SystemId, cancellationToken);
        return await runner.RunAsync<(OpenedJob?, JobId?, IReadOnlyList<RefusedItem>)>(context, async (write, token) =>
        {
            if (create.Origin == JobOrigin.ExportJobs && await queries.UnfinishedAsync(context.TenantId, token) is { } other) return _ => (null, other, []);
            var snapshots = await load(items, token);
            var id = JobId.New();
            var batch = new ItemBatch();
            var refused = new List<RefusedItem>();
            var exports = new List<(ItemSnapshot Item, AttemptId Attempt)>();
            var taken = new HashSet<RecordId>();
            for (var index = 0; index < snapshots.Count; index++)
            {
                var snapshot = snapshots[index];
                if (snapshot is not null && !taken.Add(snapshot.RecordId)) continue;   // a repeated record is in the job once
                var attempt = AttemptId.New();
                var outcome = batch.Decide(snapshot, new ItemCommand.RequestExport(attempt, id, exports.Count, context.Dialect, snapshot?.Record.IsReady ?? false, againIfExported));
                if (outcome.Refusal is { } reason) refused.Add(new(index, snapshot, reason));
                else exports.Add((snapshot!, attempt));
            }
            if (refused.Count > 0) return _ => (null, null, refused);
            var created = JobDecider.Decide(create with { NumberOfItems = exports.Count }, JobState.None) as Decision<JobEvent>.Append;
            write.Append(id, JobState.None, started ? [.. created!.Events, new JobEvent.JobStarted()] : created!.Events);
            batch.AddTo(write);
            return at => (new OpenedJob(id, at!.Value, exports), null, []);
        }, cancellationToken);
    }
}
