using Ledger.EventStore;
using Ledger.Projections.Gathering;

namespace Ledger.Projections.Writing;

/// <summary>A small write that waits for its transaction.</summary>
internal sealed class WaitingWrite(LedgerWrite write, EventMetadata metadata) : Waiting<AppendResult>
{
    public LedgerWrite Write => write;
    public EventMetadata Metadata => metadata;

    /// <summary>Whether a group it was in had to be run again without somebody.</summary>
    public bool WasRunAgain { get; set; }
}

/// <summary>Writes that share a transaction: no stream is in two of them, unless both hold it still at the same version.</summary>
internal sealed class CommitGroup
{
    private readonly Dictionary<string, StreamAppend> _streams = new(StringComparer.Ordinal);
    private int _events;

    public List<WaitingWrite> Writes { get; } = [];

    /// <summary>Set once everything is durable.</summary>
    public bool IsCommitted { get; set; }

    /// <summary>Whether the write can join: it must not exceed the group's size, and nobody who shares nothing gets company.</summary>
    public bool TakesIn(WaitingWrite write) =>
        Writes.Count == 0 || (!write.Alone && !Writes[0].Alone && _events + write.Write.EventCount <= GroupCommit.MaxEventsPerGroup && !Meets(write));

    public void Add(WaitingWrite write)
    {
        Writes.Add(write);
        _events += write.Write.EventCount;
        foreach (var stream in write.Write.Streams) _streams.TryAdd(stream.StreamId, stream);
    }

    /// <summary>Whether they touch the same stream: run at once, one of them would refuse the other's company.</summary>
    public bool Meets(WaitingWrite write)
    {
        foreach (var stream in write.Write.Streams)
        {
            if (!_streams.TryGetValue(stream.StreamId, out var ours)) continue;
            if (ours.Events.Count + stream.Events.Count > 0 || ours.ExpectedVersion != stream.ExpectedVersion) return true;
        }
        return false;
    }

    /// <summary>The streams of a write that this group, now durable, has moved on from where the write's decision saw them.</summary>
    public List<VersionConflict> Overtakes(WaitingWrite write)
    {
        var conflicts = new List<VersionConflict>();
        foreach (var stream in write.Write.Streams)
        {
            if (!_streams.TryGetValue(stream.StreamId, out var ours)) continue;
            var version = ours.ExpectedVersion + ours.Events.Count;
            if (version > stream.ExpectedVersion) conflicts.Add(new(stream.StreamId, stream.ExpectedVersion, version));
        }
        return conflicts;
    }
}
