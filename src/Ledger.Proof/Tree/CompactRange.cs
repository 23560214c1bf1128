using System.Numerics;

namespace Ledger.Proof.Tree;

/// <summary>The right edge of a growing RFC 6962 tree: everything needed to go on appending and to tell the root, in O(log N) memory.</summary>
public sealed class CompactRange
{
    // By level: _edge[l] is the perfect subtree of 2^l leaves that ends the tree's part above level l, valid when bit l of Size is set.
    private readonly Digest[] _edge = new Digest[63];

    /// <summary>The empty tree.</summary>
    public CompactRange()
    {
    }

    /// <summary>A tree that was left earlier.</summary>
    /// <param name="size">Number of leaves.</param>
    /// <param name="subtrees">As <see cref="Subtrees"/> told them: one per bit of the size, the largest first.</param>
    /// <exception cref="ArgumentException">Not one hash per bit of the size.</exception>
    public CompactRange(long size, IReadOnlyList<Digest> subtrees)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        if (subtrees.Count != BitOperations.PopCount((ulong)size)) throw new ArgumentException($"A tree of {size} leaves has {BitOperations.PopCount((ulong)size)} edge subtrees, not {subtrees.Count}.", nameof(subtrees));
        Size = size;
        var next = 0;
        for (var level = 62; level >= 0; level--)
        {
            if ((size >> level & 1) != 0) _edge[level] = subtrees[next++];
        }
    }

    /// <summary>Number of leaves.</summary>
    public long Size { get; private set; }

    /// <summary>The perfect subtrees of the right edge, the largest first: one per bit of <see cref="Size"/>.</summary>
    public Digest[] Subtrees
    {
        get
        {
            var subtrees = new Digest[BitOperations.PopCount((ulong)Size)];
            var next = subtrees.Length;
            for (var level = 0; next > 0; level++)
            {
                if ((Size >> level & 1) != 0) subtrees[--next] = _edge[level];
            }
            return subtrees;
        }
    }

    public void Append(in Digest leaf) => Append(0, leaf);

    /// <summary>Appends a perfect subtree of 2^<paramref name="level"/> leaves.</summary>
    /// <exception cref="ArgumentException">The size is no multiple of 2^<paramref name="level"/>: the subtree is not aligned here.</exception>
    public void Append(int level, Digest subtree)
    {
        if (level is < 0 or > 61 || (Size & ((1L << level) - 1)) != 0) throw new ArgumentException($"A subtree of 2^{level} leaves cannot follow {Size} leaves.", nameof(level));
        var count = 1L << level;
        for (; (Size >> level & 1) != 0; level++) subtree = Digest.OfNode(_edge[level], subtree);
        _edge[level] = subtree;
        Size += count;
    }

    /// <summary>The Merkle Tree Hash of RFC 6962 §2.1.</summary>
    public Digest Root()
    {
        if (Size == 0) return Digest.OfEmptyTree;
        var level = BitOperations.TrailingZeroCount(Size);
        var root = _edge[level];
        for (level++; level < 63; level++)
        {
            if ((Size >> level & 1) != 0) root = Digest.OfNode(_edge[level], root);
        }
        return root;
    }
}
