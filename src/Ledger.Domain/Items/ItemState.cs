namespace Ledger.Domain.Items;

/// <summary>The state of one record in one system, as its stream tells it.</summary>
/// <param name="Version">Events in its stream; 0: nothing ever happened.</param>
/// <param name="ExportedSince">Recorded time of the first mark after the latest re-open; null: not exported.</param>
/// <param name="LastExportedAt">Recorded time of the latest mark ever.</param>
/// <param name="Reference">What the latest mark gave; null before the first one.</param>
/// <param name="Attempt">The latest attempt, open or not.</param>
/// <param name="Failure">The last failure that nothing has superseded: a mark, a re-open or a new request clears it.</param>
public sealed record ItemState(
    long Version, DateTimeOffset? ExportedSince, DateTimeOffset? LastExportedAt, ExportReference? Reference, Attempt? Attempt, ExportFailure? Failure, DateTimeOffset ChangedAt)
{
    public static ItemState Untouched { get; } = new(0, null, null, null, null, null, default);

    public bool IsExported => ExportedSince is not null;

    public Attempt? OpenAttempt => Attempt is { IsOpen: true } ? Attempt : null;

    /// <summary>Its last outcome is a failure, and it is not exported.</summary>
    public bool IsFailed => Failure is not null && !IsExported;

    /// <summary>The one word for the state, in the order in which the words exclude each other.</summary>
    public ItemStatus StatusFor(bool recordIsReady) =>
        IsExported ? ItemStatus.Exported
        : !recordIsReady ? ItemStatus.Withheld
        : OpenAttempt is not null ? ItemStatus.Processing
        : IsFailed ? ItemStatus.Failed
        : ItemStatus.Offered;
}

/// <summary>Processing and failed items are offered too: they are still not exported. Withheld: the record is not ready or was withdrawn.</summary>
public enum ItemStatus { Offered, Processing, Exported, Failed, Withheld }
