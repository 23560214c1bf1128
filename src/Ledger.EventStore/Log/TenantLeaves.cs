using System.Buffers;
using Ledger.Proof.Tiles;
using Ledger.Proof.Tree;

namespace Ledger.EventStore.Log;

/// <summary>Leaves of one tenant that lie side by side in one chunk: a row of <c>ledger.log_leaves</c>.</summary>
internal sealed class LeafRun(long firstPosition)
{
    private readonly ArrayBufferWriter<byte> _hashes = new(), _salts = new(), _bodyHashes = new();

    public long FirstPosition => firstPosition;

    public byte[] Hashes => _hashes.WrittenSpan.ToArray();

    public byte[] Salts => _salts.WrittenSpan.ToArray();

    public byte[] BodyHashes => _bodyHashes.WrittenSpan.ToArray();

    public void Add(in Digest leaf, ReadOnlySpan<byte> salt, in Digest bodyHash)
    {
        _hashes.Write(leaf);
        _salts.Write(salt);
        _bodyHashes.Write(bodyHash);
    }
}

/// <summary>What one flush adds to one tenant's log. A chunk is the leaves of one tile of level 0 and one entry bundle.</summary>
internal sealed class TenantLeaves(string tenantId, TreeGrowth tree)
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
        if (_runs.Count == 0 || tree.Size % Tile.FullWidth == 0) _runs.Add(new LeafRun(tree.Size + 1));
        _runs[^1].Add(leaf, salt, bodyHash);
        tree.Add(leaf);
    }
}
