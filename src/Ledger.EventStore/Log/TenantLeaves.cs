using Ledger.Proof.Events;
using Ledger.Proof.Tiles;
using Ledger.Proof.Tree;

namespace Ledger.EventStore.Log;

/// <summary>Leaves of one tenant that lie side by side in one chunk: a row of <c>ledger.log_leaves</c>.</summary>
/// <param name="capacity">How many leaves there will be; fewer when the history is broken.</param>
internal sealed class LeafRun(long firstPosition, int capacity)
{
    private readonly byte[] _hashes = new byte[capacity * Digest.Size], _salts = new byte[capacity * BodyHashing.SaltLength], _bodyHashes = new byte[capacity * Digest.Size];
    private int _count;

    public long FirstPosition => firstPosition;

    public byte[] Hashes => Filled(_hashes, Digest.Size);

    public byte[] Salts => Filled(_salts, BodyHashing.SaltLength);

    public byte[] BodyHashes => Filled(_bodyHashes, Digest.Size);

    public void Add(in Digest leaf, ReadOnlySpan<byte> salt, in Digest bodyHash)
    {
        leaf.CopyTo(_hashes.AsSpan(_count * Digest.Size));
        salt.CopyTo(_salts.AsSpan(_count * BodyHashing.SaltLength));
        bodyHash.CopyTo(_bodyHashes.AsSpan(_count * Digest.Size));
        _count++;
    }

    private byte[] Filled(byte[] bytes, int size) => _count == capacity ? bytes : bytes[..(_count * size)];
}

/// <summary>What one flush adds to one tenant's log. A chunk is the leaves of one tile of level 0 and one entry bundle.</summary>
/// <param name="last">The last position that is to be logged.</param>
internal sealed class TenantLeaves(string tenantId, TreeGrowth tree, long last)
{
    private readonly long _sizeBefore = tree.Size;
    private readonly List<LeafRun> _runs = [];

    public string TenantId => tenantId;

    public TreeGrowth Tree => tree;

    public IReadOnlyList<LeafRun> Runs => _runs;

    public long Count => tree.Size - _sizeBefore;

    /// <summary>First position of the chunk that earlier flushes began and this one filled; null when there is none.</summary>
    public long? FilledChunk =>
        _sizeBefore % Tile.FullWidth != 0 && tree.Size / Tile.FullWidth > _sizeBefore / Tile.FullWidth ? _sizeBefore / Tile.FullWidth * Tile.FullWidth + 1 : null;

    public void Add(in Digest leaf, ReadOnlySpan<byte> salt, in Digest bodyHash)
    {
        if (_runs.Count == 0 || tree.Size % Tile.FullWidth == 0) _runs.Add(new LeafRun(tree.Size + 1, (int)Math.Min(last - tree.Size, Tile.FullWidth - (tree.Size % Tile.FullWidth))));
        _runs[^1].Add(leaf, salt, bodyHash);
        tree.Add(leaf);
    }
}
