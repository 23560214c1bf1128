using System.Numerics;
using Ledger.Proof.Tiles;
using Ledger.Proof.Tree;

namespace Ledger.EventStore.Log;

/// <summary>One tenant's tree while leaves are added to it, and the hashes that go into tiles above level 0 on the way.</summary>
internal sealed class TreeGrowth
{
    private readonly List<CompactRange> _lastTiles = [];   // by level: the last, unfinished tile, as a tree of its own
    private readonly SortedDictionary<(short Level, long Tile), List<Digest>> _ends = [];

    /// <param name="size">Leaves so far.</param>
    /// <param name="subtrees">As <see cref="Subtrees"/> gave them; empty for an empty tree.</param>
    /// <exception cref="InvalidDataException">They are not those of a tree of this size.</exception>
    public TreeGrowth(long size, ReadOnlySpan<byte> subtrees)
    {
        if (subtrees.Length != BitOperations.PopCount((ulong)size) * Digest.Size) throw new InvalidDataException($"A tree of {size} leaves does not consist of {subtrees.Length / Digest.Size} full subtrees.");
        Size = size;
        var left = Split(subtrees);
        for (var rest = size; rest > 0; rest >>= Tile.Height)
        {
            var inTile = rest & (Tile.FullWidth - 1);
            var count = BitOperations.PopCount((ulong)inTile);
            _lastTiles.Add(new CompactRange(inTile, left[^count..]));
            left = left[..^count];
        }
    }

    public long Size { get; private set; }

    /// <summary>Hashes that follow those a tile of level 1 or above has already; one that is not there yet begins with them.</summary>
    public IEnumerable<(short Level, long Tile, byte[] Hashes)> TileEnds => _ends.Select(end => (end.Key.Level, end.Key.Tile, Join(end.Value)));

    /// <summary>The roots of the full subtrees the tree consists of, largest first.</summary>
    public byte[] Subtrees => Join(Edge);

    /// <summary>The root of the tree as of now.</summary>
    public Digest Root => new CompactRange(Size, Edge).Root();

    private Digest[] Edge => [.. Enumerable.Reverse(_lastTiles).SelectMany(tile => tile.Subtrees)];

    public void Add(in Digest leaf)
    {
        Size++;
        Add(level: 0, leaf);
    }

    private void Add(int level, in Digest hash)
    {
        if (_lastTiles.Count == level) _lastTiles.Add(new CompactRange());
        var tile = _lastTiles[level];
        if (level > 0) EndOf((short)level, (Size >> (Tile.Height * level)) - 1).Add(hash);
        tile.Append(hash);
        if (tile.Size < Tile.FullWidth) return;
        _lastTiles[level] = new CompactRange();
        Add(level + 1, tile.Root());
    }

    private List<Digest> EndOf(short level, long index)
    {
        var key = (level, index >> Tile.Height);
        if (!_ends.TryGetValue(key, out var end)) _ends.Add(key, end = []);
        return end;
    }

    private static Digest[] Split(ReadOnlySpan<byte> hashes)
    {
        var digests = new Digest[hashes.Length / Digest.Size];
        for (var index = 0; index < digests.Length; index++) digests[index] = Digest.From(hashes.Slice(index * Digest.Size, Digest.Size));
        return digests;
    }

    private static byte[] Join(IReadOnlyList<Digest> digests)
    {
        var hashes = new byte[digests.Count * Digest.Size];
        for (var index = 0; index < digests.Count; index++) digests[index].CopyTo(hashes.AsSpan(index * Digest.Size));
        return hashes;
    }
}
