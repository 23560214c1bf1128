using Ledger.Proof.Tiles;

namespace Ledger.Proof.Online;

/// <summary>A log as its server shows it: everything here is plain reading, and nothing of it is trusted.</summary>
public interface ILogSource : ITileReader
{
    /// <summary>The verifier keys the server publishes.</summary>
    Task<IReadOnlyList<string>> KeysAsync(CancellationToken cancellationToken = default);

    /// <summary>The latest signed checkpoint.</summary>
    Task<string> CheckpointAsync(CancellationToken cancellationToken = default);

    /// <summary>The signed checkpoints that were made so far, newest first, each with the size it is kept under.</summary>
    IAsyncEnumerable<StoredCheckpoint> CheckpointsAsync(CancellationToken cancellationToken = default);

    /// <summary>Every event from position 1 to the size of a checkpoint, as the lines of <c>events.ndjson</c>.</summary>
    Task<Stream> EventsAsync(long size, CancellationToken cancellationToken = default);
}

/// <param name="Size">Number of events it is said to cover.</param>
/// <param name="Note">The signed note, as text.</param>
public readonly record struct StoredCheckpoint(long Size, string Note);
