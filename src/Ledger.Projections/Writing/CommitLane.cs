using Ledger.EventStore;
using Ledger.Projections.Gathering;
using Npgsql;

namespace Ledger.Projections.Writing;

/// <summary>The small writes of one tenant on their way to the database.</summary>
internal sealed class CommitLane(EventStore.EventStore store, GatheringRules rules) : GatheringQueue<WaitingWrite, AppendResult, CommitGroup>(rules)
{
    private readonly List<CommitGroup> _underWay = [];

    // What meets a group under way waits for its outcome: it would only wait in the database, and most likely lose there.
    protected override CommitGroup? Take(LinkedList<WaitingWrite> waiting)
    {
        var group = new CommitGroup();
        for (var node = waiting.First; node is not null;)
        {
            var (write, next) = (node.Value, node.Next);
            if (group.TakesIn(write) && !_underWay.Exists(other => other.Meets(write)))
            {
                group.Add(write);
                waiting.Remove(node);
            }
            node = next;
        }
        if (group.Writes.Count == 0) return null;
        _underWay.Add(group);
        return group;
    }

    protected override ExecutionContext? ContextOf(CommitGroup group) => group.Writes[0].Context;

    protected override async Task<IReadOnlyList<WaitingWrite>> CarryOutAsync(CommitGroup group)
    {
        try
        {
            // Without anybody's token: one caller who gives up must not take the others' write away.
            var result = await LedgerWrite.CommitAsync(store, [.. group.Writes.Select(write => (write.Write, write.Metadata))], CancellationToken.None);
            if (result is AppendResult.Conflict conflict && group.Writes.Count > 1) return Divide(group, conflict);
            group.IsCommitted = result is AppendResult.Appended;
            foreach (var write in group.Writes) write.TrySetResult(result);
            return [];
        }
        // Certainly rolled back, by one of them. Each alone gets its own answer. All else leaves the outcome unknown, for all of them.
        catch (Exception error) when (group.Writes.Count > 1 && error is PostgresException { InvariantSeverity: "ERROR" } or ArgumentException)
        {
            foreach (var write in group.Writes) write.Alone = true;
            return group.Writes;
        }
        catch (Exception error)
        {
            foreach (var write in group.Writes) write.TrySetException(error);
            return [];
        }
    }

    // Whoever decided on what was there before is told now, without asking the database.
    protected override void Done(CommitGroup group, LinkedList<WaitingWrite> waiting)
    {
        _underWay.Remove(group);
        if (!group.IsCommitted) return;
        for (var node = waiting.First; node is not null;)
        {
            var (write, next) = (node.Value, node.Next);
            if (group.Overtakes(write) is { Count: > 0 } conflicts)
            {
                waiting.Remove(node);
                write.TrySetResult(new AppendResult.Conflict(conflicts));
            }
            node = next;
        }
    }

    // Those with a conflict are told; the others go again, without them. A second time they go one by one: somebody else keeps interfering.
    private static List<WaitingWrite> Divide(CommitGroup group, AppendResult.Conflict conflict)
    {
        var again = new List<WaitingWrite>();
        foreach (var write in group.Writes)
        {
            var own = conflict.Streams.Where(stream => write.Write.Streams.Any(ours => ours.StreamId == stream.StreamId)).ToList();
            if (own.Count > 0)
            {
                write.TrySetResult(new AppendResult.Conflict(own));
                continue;
            }
            write.Alone = write.WasRunAgain;
            write.WasRunAgain = true;
            again.Add(write);
        }
        return again;
    }
}
