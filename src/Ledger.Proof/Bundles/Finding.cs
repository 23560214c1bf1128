using System.Globalization;

namespace Ledger.Proof.Bundles;

/// <summary>What is wrong, as far as it can be told.</summary>
public enum Fault
{
    /// <summary>The manifest is no manifest, or contradicts its own checkpoint.</summary>
    Manifest,

    /// <summary>A file the bundle needs is not there, or is not the one the manifest names by length and SHA-256.</summary>
    File,

    /// <summary>No signature by an expected key, or an invalid one.</summary>
    Signature,

    /// <summary>A checkpoint of another log, or an event of another tenant.</summary>
    OtherLog,

    /// <summary>Neither an event nor an omitted subtree stands where one has to.</summary>
    Missing,

    /// <summary>An event stands where it has none: again, too early, outside the selection, or behind the checkpoint.</summary>
    Misplaced,

    /// <summary>A line that cannot be read: damaged or cut short.</summary>
    Unreadable,

    /// <summary>Time, actor, type, ids, version or body hash are not those of the leaf.</summary>
    EnvelopeEdited,

    /// <summary>The body is not the one its salted hash was made of.</summary>
    BodyEdited,

    /// <summary>Every line agrees with itself, and the whole is not what was signed.</summary>
    Root,

    /// <summary>The manifest counts other events than there are.</summary>
    Counts,

    /// <summary>The server shows less than it did, or another history.</summary>
    History,

    /// <summary>A tile of the server's is not what its events make of it.</summary>
    Tile,
}

/// <param name="Position">The first bad position; null: no single position can be named.</param>
/// <param name="What">One sentence without its full stop.</param>
public sealed record Finding(Fault Fault, long? Position, string What)
{
    public override string ToString() => Position is { } position ? string.Create(CultureInfo.InvariantCulture, $"position {position}: {What}") : What;
}

/// <summary>Ends a verification at its first finding.</summary>
internal sealed class FoundException(Fault fault, long? position, string what) : Exception(what)
{
    public Finding Finding { get; } = new(fault, position, what);
}
