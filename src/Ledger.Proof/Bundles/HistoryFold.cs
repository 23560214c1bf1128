using System.Text;
using Ledger.Proof.Notes;
using Ledger.Proof.Tree;

namespace Ledger.Proof.Bundles;

/// <summary>Folds events and omitted subtrees, in the order of their positions, into the tree that a checkpoint signed: O(log N) memory.</summary>
/// <param name="checkpoints">Signed and of this log, by size; the last one is what has to come out.</param>
/// <param name="leafSeen">Told of every event's leaf, to be held against tiles.</param>
internal sealed class HistoryFold(IReadOnlyList<Checkpoint> checkpoints, BundleSelection selection, Action<long, Digest>? leafSeen = null)
{
    private readonly CompactRange _range = new();
    private readonly long _size = checkpoints[^1].Size;
    private readonly byte[]? _items = selection.SystemId is { } system ? Encoding.UTF8.GetBytes($"item/{system.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal)}/") : null;
    private int _next;
    private long _agreed;

    public long Events { get; private set; }

    private long Due => _range.Size + 1;

    /// <exception cref="FoundException">At the first position that is not as it has to be.</exception>
    public void Run(IEventSource events, SubtreeLines omitted)
    {
        CheckRoots();
        var hasEvent = events.Read(Due);
        var hasOmitted = omitted.Read(Due);
        while (hasEvent || hasOmitted)
        {
            if (hasEvent && events.Position < Due) throw new FoundException(Fault.Misplaced, events.Position, "the event stands again, or out of order");
            if (hasOmitted && omitted.First < Due) throw new FoundException(Fault.Misplaced, omitted.First, "proof.ndjson covers a position that was there before");
            if (hasEvent && events.Position == Due)
            {
                if (hasOmitted && omitted.First == Due) throw new FoundException(Fault.Misplaced, Due, "the event is shown, and left out by proof.ndjson");
                Append(events);
                hasEvent = events.Read(Due);
            }
            else if (hasOmitted && omitted.First == Due)
            {
                Append(omitted);
                hasOmitted = omitted.Read(Due);
            }
            else
            {
                throw Missing(hasEvent ? $"the next event is that of position {events.Position}" : "the events end before it");
            }
        }
        if (_range.Size < _size) throw Missing($"the checkpoint covers {_size} positions, and the events end before it");
    }

    private FoundException Missing(string rest) => Due > _size
        ? new(Fault.Misplaced, Due, $"the checkpoint covers {_size} positions, and something follows")
        : new(Fault.Missing, Due, $"the event is missing: {rest}");

    private void Append(IEventSource events)
    {
        var position = events.Position;
        if (position > _size) throw new FoundException(Fault.Misplaced, position, $"the checkpoint covers {_size} positions, and an event follows");
        var leaf = events.Leaf();
        if (position < selection.FirstPosition || position > selection.LastPosition) throw new FoundException(Fault.Misplaced, position, $"the event lies outside the selection, {selection.FirstPosition} to {selection.LastPosition}");
        if (_items is not null && events.Stream() is var stream && stream.AsSpan().StartsWith("item/"u8) && !stream.AsSpan().StartsWith(_items))
            throw new FoundException(Fault.Misplaced, position, $"the event belongs to an item of another system than {selection.SystemId}");
        _range.Append(leaf);
        Events++;
        leafSeen?.Invoke(position, leaf);
        CheckRoots();
    }

    private void Append(SubtreeLines omitted)
    {
        var last = omitted.First + omitted.Node.Count - 1;
        if (last > _size) throw new FoundException(Fault.Misplaced, Due, $"proof.ndjson leaves out positions up to {last}; the checkpoint covers {_size}");
        // Without a system to select by, everything between the selection's ends is shown: an omission there hides something.
        if (_items is null && omitted.First <= selection.LastPosition && last >= selection.FirstPosition)
            throw new FoundException(Fault.Missing, Math.Max(omitted.First, selection.FirstPosition), "the event is missing: proof.ndjson leaves it out, and the selection does not");
        _range.Append(omitted.Node.Level, omitted.Hash);
        CheckRoots();
    }

    private void CheckRoots()
    {
        while (_next < checkpoints.Count && checkpoints[_next].Size <= _range.Size)
        {
            // An omitted subtree can reach over an earlier checkpoint: that one cannot be held against anything.
            if (checkpoints[_next].Size == _range.Size)
            {
                if (_range.Root() != checkpoints[_next].Root) throw new FoundException(Fault.Root, null, WrongRoot());
                _agreed = _range.Size;
            }
            _next++;
        }
    }

    private string WrongRoot()
    {
        var since = _agreed > 0 ? $"those up to {_agreed} are what was signed then" : "no earlier checkpoint narrows it down";
        return $"positions 1 to {_range.Size} do not have the root that was signed: every line agrees with itself, so event and leaf hash were forged together between {_agreed + 1} and {_range.Size} ({since})";
    }
}
