namespace Ledger.EventStore.Tests.Histories;

/// <summary>What an event store is, in the fewest words: lists of events, and the order in which they were appended.</summary>
internal sealed class LedgerModel
{
    public sealed record Event(string Stream, long Version, NewEvent Given);

    /// <summary>All events of the tenant in the order of their appends: the place of an event here is its position, less one.</summary>
    public List<Event> Appended { get; } = [];

    public List<Event> Stream(string name) => [.. Appended.Where(appended => appended.Stream == name)];

    public long Version(string name) => Stream(name).Count;

    /// <returns>The conflicts, ordered by stream; nothing is appended when there are any.</returns>
    public List<VersionConflict> Append(IReadOnlyList<StreamAppend> streams)
    {
        var conflicts = streams.Where(stream => stream.ExpectedVersion != Version(stream.StreamId))
            .Select(stream => new VersionConflict(stream.StreamId, stream.ExpectedVersion, Version(stream.StreamId)))
            .OrderBy(conflict => conflict.StreamId, StringComparer.Ordinal).ToList();
        if (conflicts.Count > 0) return conflicts;
        foreach (var stream in streams)
            Appended.AddRange(stream.Events.Select((given, index) => new Event(stream.StreamId, stream.ExpectedVersion + index + 1, given)));
        return [];
    }
}
