using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.EventStore;
using Ledger.Projections.Items;
using Ledger.Projections.Writing;

namespace Ledger.Api.Commands;

/// <summary>What became of one item command.</summary>
/// <param name="Refusal">Null unless refused.</param>
/// <param name="Item">State after the command; its times are <see cref="RecordedTime.AtCommit"/> where the command set them.</param>
public sealed record ItemOutcome(ItemSnapshot? Snapshot, ItemState Item, bool Applied, Refusal? Refusal)
{
    /// <summary>The state with the recorded time of the append filled in.</summary>
    public ItemState ItemAt(DateTimeOffset? recordedAt) => recordedAt is { } at ? Item.RecordedAt(at) : Item;
}

/// <summary>Decides item commands one after the other, each on the state its predecessors left, and collects the events per stream.</summary>
public sealed class ItemBatch
{
    private sealed class Progress(ItemSnapshot snapshot)
    {
        public ItemSnapshot Snapshot => snapshot;
        public ItemState State { get; set; } = snapshot.Item;
        public List<ItemEvent> Events { get; } = [];
        public bool DependsOnRecord { get; set; }
    }

    private readonly Dictionary<(SystemId, RecordId), Progress> _items = [];

    /// <param name="snapshot">Null: the record is unknown in this tenant.</param>
    public ItemOutcome Decide(ItemSnapshot? snapshot, ItemCommand command)
    {
        if (snapshot is null) return new(null, ItemState.Untouched, false, Refusal.RecordUnknown);
        if (!_items.TryGetValue((snapshot.System, snapshot.RecordId), out var progress)) _items.Add((snapshot.System, snapshot.RecordId), progress = new(snapshot));
        // Whether a record is ready is said by its own stream: hold that still while these decisions are appended.
        progress.DependsOnRecord |= command is ItemCommand.RequestExport or ItemCommand.Reopen;
        // Which failure is the same one again depends on when the record was last sent; every caller means it so.
        if (command is ItemCommand.ReportFailed failed) command = failed with { ReadySince = snapshot.Record.ReadySince };
        switch (ItemDecider.Decide(command, progress.State))
        {
            case Decision<ItemEvent>.Append append:
                progress.State = append.Events.Aggregate(progress.State, (state, @event) => ItemEvolution.Evolve(state, @event, RecordedTime.AtCommit));
                progress.Events.AddRange(append.Events);
                return new(snapshot, progress.State, true, null);
            case Decision<ItemEvent>.Refuse refuse:
                return new(snapshot, progress.State, false, refuse.Reason);
            default:
                return new(snapshot, progress.State, false, null);
        }
    }

    public void AddTo(LedgerWrite write)
    {
        foreach (var progress in _items.Values)
        {
            if (progress.Events.Count == 0) continue;
            write.Append(progress.Snapshot, progress.Events);
            if (progress.DependsOnRecord) write.Guard(progress.Snapshot.RecordId, progress.Snapshot.Record.Version);
        }
    }
}
