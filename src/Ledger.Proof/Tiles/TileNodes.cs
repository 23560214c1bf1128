using Ledger.Proof.Tree;

namespace Ledger.Proof.Tiles;

/// <summary>Reads the nodes of a tree of a given size out of its tiles. Keeps the tile read last of each level.</summary>
/// <param name="size">Leaves of the tree the nodes are asked of; fixes how wide partial tiles are.</param>
public sealed class TileNodes(ITileReader tiles, long size) : INodeReader
{
    private readonly (Tile Tile, ReadOnlyMemory<byte> Hashes)[] _last = new (Tile, ReadOnlyMemory<byte>)[Tile.MaxLevel + 1];

    /// <exception cref="ArgumentOutOfRangeException">The node reaches past the tree.</exception>
    /// <exception cref="FormatException">The tile has fewer hashes than its width.</exception>
    public async ValueTask<Digest> ReadAsync(TreeNode node, CancellationToken cancellationToken = default)
    {
        var level = node.Level / Tile.Height;
        var perTile = Tile.Height - node.Level % Tile.Height;
        var tile = Tile.Of(level, node.Index >> perTile, size);
        var count = 1 << (node.Level % Tile.Height);
        var first = (int)(node.Index & ((1L << perTile) - 1)) * count;
        if (tile is not { } wanted || first + count > wanted.Width) throw new ArgumentOutOfRangeException(nameof(node), node, $"The tree of {size} leaves has no such node.");
        if (_last[level].Tile != wanted) _last[level] = (wanted, await tiles.ReadAsync(wanted, cancellationToken));
        var hashes = _last[level].Hashes;
        if (hashes.Length < wanted.Width * Digest.Size) throw new FormatException($"Tile {wanted} has {hashes.Length} bytes.");
        return Root(hashes.Span.Slice(first * Digest.Size, count * Digest.Size));
    }

    /// <summary>The root of a perfect subtree given its bottom row.</summary>
    /// <param name="hashes">2^k hashes of 32 bytes.</param>
    public static Digest Root(ReadOnlySpan<byte> hashes)
    {
        var range = new CompactRange();
        for (var at = 0; at < hashes.Length; at += Digest.Size) range.Append(Digest.From(hashes.Slice(at, Digest.Size)));
        return range.Root();
    }
}
