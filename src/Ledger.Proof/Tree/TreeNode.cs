using System.Numerics;

namespace Ledger.Proof.Tree;

/// <summary>A perfect subtree: the 2^<paramref name="Level"/> leaves from <paramref name="Index"/> × 2^<paramref name="Level"/> on (leaf indices count from 0).</summary>
/// <param name="Level">0: a leaf; up to 62.</param>
public readonly record struct TreeNode(int Level, long Index)
{
    public long First => Index << Level;

    public long Count => 1L << Level;

    /// <summary>The largest perfect subtree that starts at a leaf and ends at or before another.</summary>
    /// <param name="end">One past the last leaf; greater than <paramref name="first"/>.</param>
    public static TreeNode LargestIn(long first, long end)
    {
        var level = BitOperations.Log2((ulong)(end - first));
        if (first != 0) level = Math.Min(level, BitOperations.TrailingZeroCount(first));
        return new(level, first >> level);
    }

    /// <summary>The leaves from <paramref name="first"/> to before <paramref name="end"/> as the fewest perfect subtrees, left to right: at most two per level.</summary>
    public static IEnumerable<TreeNode> Cover(long first, long end)
    {
        while (first < end)
        {
            var node = LargestIn(first, end);
            yield return node;
            first += node.Count;
        }
    }
}
