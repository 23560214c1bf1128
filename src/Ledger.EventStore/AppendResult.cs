namespace Ledger.EventStore;

/// <summary>A stream that was not at the version the caller decided on.</summary>
/// <param name="ActualVersion">Read after the refusal; 0 when the stream does not exist.</param>
public readonly record struct VersionConflict(string StreamId, long ExpectedVersion, long ActualVersion);

/// <summary>Outcome of an append: either everything is durable, or nothing was written.</summary>
public abstract record AppendResult
{
    /// <param name="RecordedAt">One time for all events of the append, from PostgreSQL's clock.</param>
    public sealed record Appended(DateTimeOffset RecordedAt) : AppendResult;

    /// <summary>Somebody appended first. Reload the named streams, decide again, retry.</summary>
    public sealed record Conflict(IReadOnlyList<VersionConflict> Streams) : AppendResult;

    private AppendResult() { }
}
