using Ledger.Proof.Bundles;
using Ledger.Proof.Tiles;
using Ledger.Proof.Tree;

namespace Ledger.Proof.Online;

/// <summary>Makes every tile anew from the leaves and compares it with the one the server shows; keeps one tile per level.</summary>
internal sealed class TileCheck(ITileReader tiles, CancellationToken cancellationToken)
{
    private readonly List<Level> _levels = [];

    public void Add(in Digest leaf) => Add(0, leaf);

    /// <summary>Compares the tiles that are not full; to be called when every leaf has been added.</summary>
    public void CheckPartial()
    {
        for (var level = 0; level < _levels.Count; level++)
        {
            if (_levels[level].Count > 0) Compare(level);
        }
    }

    private void Add(int level, in Digest hash)
    {
        if (level == _levels.Count) _levels.Add(new());
        var tile = _levels[level];
        hash.CopyTo(tile.Hashes.AsSpan(tile.Count++ * Digest.Size));
        if (tile.Count < Tile.FullWidth) return;
        Compare(level);
        Add(level + 1, TileNodes.Root(tile.Hashes));
        (tile.Index, tile.Count) = (tile.Index + 1, 0);
    }

    private void Compare(int level)
    {
        var made = _levels[level];
        var tile = new Tile(level, made.Index, made.Count);
        // The fold is synchronous on purpose: it runs at the speed of the hash, and a tile comes once in 256 events.
        var shown = tiles.ReadAsync(tile, cancellationToken).AsTask().GetAwaiter().GetResult().Span;
        var expected = made.Hashes.AsSpan(0, made.Count * Digest.Size);
        if (shown.StartsWith(expected)) return;
        var same = expected.CommonPrefixLength(shown) / Digest.Size;
        var first = ((made.Index * Tile.FullWidth + same) << (Tile.Height * level)) + 1;
        throw new FoundException(Fault.Tile, first, $"tile {tile} of the server does not have the hash that its events make there");
    }

    private sealed class Level
    {
        public readonly byte[] Hashes = new byte[Tile.FullWidth * Digest.Size];
        public long Index;
        public int Count;
    }
}
