namespace Ledger.Proof.Tiles;

/// <summary>Where tiles come from: a store, or a server.</summary>
public interface ITileReader
{
    /// <returns>At least <c>tile.Width</c> hashes of 32 bytes; a wider state of the same tile is as good.</returns>
    ValueTask<ReadOnlyMemory<byte>> ReadAsync(Tile tile, CancellationToken cancellationToken = default);
}
