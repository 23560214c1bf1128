using System.Numerics;

namespace Ledger.Proof.Tree;

/// <summary>Inclusion and consistency proofs of RFC 6962 §2.1.1 and §2.1.2: made from a tree's nodes, checked without it.</summary>
public static class MerkleProof
{
    /// <summary>Hashes a proof can have at most; a longer one is refused unread.</summary>
    public const int MaxLength = 64;

    /// <summary>The audit path from a leaf to the root of the tree of <paramref name="size"/> leaves, from the bottom up.</summary>
    /// <param name="index">From 0; below <paramref name="size"/>.</param>
    public static async Task<Digest[]> MakeInclusionAsync(long index, long size, INodeReader nodes, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var ranges = new List<(long First, long End)>();
        for (var (first, end) = (0L, size); end - first > 1;)
        {
            var middle = first + LargestPowerBelow(end - first);
            ranges.Add(index < middle ? (middle, end) : (first, middle));
            (first, end) = index < middle ? (first, middle) : (middle, end);
        }
        ranges.Reverse();
        return await HashesAsync(ranges, nodes, cancellationToken);
    }

    /// <summary>The proof that the tree of <paramref name="oldSize"/> leaves is a prefix of the one of <paramref name="newSize"/>.</summary>
    /// <param name="oldSize">From 0 to <paramref name="newSize"/>; the proof is empty at both ends.</param>
    public static async Task<Digest[]> MakeConsistencyAsync(long oldSize, long newSize, INodeReader nodes, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(oldSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(oldSize, newSize);
        if (oldSize == 0 || oldSize == newSize) return [];
        var ranges = new List<(long First, long End)>();
        var (first, end) = (0L, newSize);
        while (oldSize != end)
        {
            var middle = first + LargestPowerBelow(end - first);
            ranges.Add(oldSize <= middle ? (middle, end) : (first, middle));
            (first, end) = oldSize <= middle ? (first, middle) : (middle, end);
        }
        // The subtree that ends the old tree, unless it is the whole old tree: its root is known to whoever asks.
        if (first != 0) ranges.Add((first, end));
        ranges.Reverse();
        return await HashesAsync(ranges, nodes, cancellationToken);
    }

    /// <summary>Whether the path leads from the leaf to the root. Any index, size and path are an answerable question.</summary>
    public static bool VerifyInclusion(long index, long size, in Digest leafHash, IReadOnlyList<Digest> path, in Digest root)
    {
        if (index < 0 || index >= size || path.Count > MaxLength) return false;
        var hash = leafHash;
        var (node, last) = (index, size - 1);
        foreach (var sibling in path)
        {
            if (last == 0) return false;
            if ((node & 1) != 0 || node == last)
            {
                hash = Digest.OfNode(sibling, hash);
                // The last node of a level without a sibling is taken up unchanged.
                while ((node & 1) == 0 && node != 0) (node, last) = (node >> 1, last >> 1);
            }
            else
            {
                hash = Digest.OfNode(hash, sibling);
            }
            (node, last) = (node >> 1, last >> 1);
        }
        return last == 0 && hash == root;
    }

    /// <summary>Whether the path shows that the tree with the new root begins with all leaves of the one with the old root.</summary>
    public static bool VerifyConsistency(long oldSize, long newSize, in Digest oldRoot, in Digest newRoot, IReadOnlyList<Digest> path)
    {
        if (oldSize < 0 || oldSize > newSize || path.Count > MaxLength) return false;
        if (oldSize == newSize) return path.Count == 0 && oldRoot == newRoot;
        if (oldSize == 0) return path.Count == 0 && oldRoot == Digest.OfEmptyTree;
        var isPower = BitOperations.IsPow2(oldSize);
        if (path.Count == 0) return false;
        var (node, last) = (oldSize - 1, newSize - 1);
        while ((node & 1) != 0) (node, last) = (node >> 1, last >> 1);
        var oldHash = isPower ? oldRoot : path[0];
        var newHash = oldHash;
        for (var i = isPower ? 0 : 1; i < path.Count; i++)
        {
            if (last == 0) return false;
            if ((node & 1) != 0 || node == last)
            {
                oldHash = Digest.OfNode(path[i], oldHash);
                newHash = Digest.OfNode(path[i], newHash);
                while ((node & 1) == 0 && node != 0) (node, last) = (node >> 1, last >> 1);
            }
            else
            {
                newHash = Digest.OfNode(newHash, path[i]);
            }
            (node, last) = (node >> 1, last >> 1);
        }
        return last == 0 && oldHash == oldRoot && newHash == newRoot;
    }

    /// <summary>The root of a tree, from its nodes.</summary>
    public static async Task<Digest> RootAsync(long size, INodeReader nodes, CancellationToken cancellationToken = default) =>
        size == 0 ? Digest.OfEmptyTree : (await HashesAsync([(0, size)], nodes, cancellationToken))[0];

    private static async Task<Digest[]> HashesAsync(List<(long First, long End)> ranges, INodeReader nodes, CancellationToken cancellationToken)
    {
        var hashes = new Digest[ranges.Count];
        for (var i = 0; i < hashes.Length; i++)
        {
            // Every range of these proofs begins where a subtree as large as the whole range could begin: its perfect parts
            // shrink to the right and fold from the right.
            Digest? hash = null;
            foreach (var part in TreeNode.Cover(ranges[i].First, ranges[i].End).Reverse())
            {
                var left = await nodes.ReadAsync(part, cancellationToken);
                hash = hash is { } right ? Digest.OfNode(left, right) : left;
            }
            hashes[i] = hash!.Value;
        }
        return hashes;
    }

    private static long LargestPowerBelow(long count) => 1L << BitOperations.Log2((ulong)(count - 1));
}
