using Ledger.Proof.Tiles;
using Ledger.Proof.Tree;

namespace Ledger.Proof.Tests.Tree;

/// <summary>RFC 6962 §2.1 word by word, slow and obvious: what the library is compared with.</summary>
internal sealed class ReferenceTree(IReadOnlyList<Digest> leaves) : INodeReader, ITileReader
{
    public static ReferenceTree Of(int size) => new([.. Enumerable.Range(0, size).Select(index => Digest.OfLeaf(BitConverter.GetBytes(index)))]);

    public IReadOnlyList<Digest> Leaves => leaves;

    public Digest Root(int size) => Hash(0, size);

    public Digest Hash(int first, int end)
    {
        if (end - first == 0) return Digest.OfEmptyTree;
        if (end - first == 1) return leaves[first];
        var half = 1;
        while (half * 2 < end - first) half *= 2;
        return Digest.OfNode(Hash(first, first + half), Hash(first + half, end));
    }

    public ValueTask<Digest> ReadAsync(TreeNode node, CancellationToken cancellationToken = default) => new(Hash((int)node.First, (int)(node.First + node.Count)));

    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(Tile tile, CancellationToken cancellationToken = default)
    {
        var span = 1 << (8 * tile.Level);
        var hashes = Enumerable.Range(0, tile.Width).SelectMany(i => Hash(((int)tile.Index * 256 + i) * span, ((int)tile.Index * 256 + i + 1) * span).ToArray());
        return new(hashes.ToArray());
    }
}
