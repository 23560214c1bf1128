using System.Security.Cryptography;
using Ledger.Proof.Tree;

namespace Ledger.EventStore.Tests.Log;

/// <summary>RFC 6962 §2.1 written down as it stands there: recursive, slow, and without any code of the product but the type of a hash.</summary>
internal static class NaiveTree
{
    public static Digest Root(ReadOnlySpan<Digest> leaves)
    {
        if (leaves.Length == 0) return Digest.From(SHA256.HashData([]));
        if (leaves.Length == 1) return leaves[0];
        var split = Split(leaves.Length);
        return Node(Root(leaves[..split]), Root(leaves[split..]));
    }

    /// <summary>PATH(m, D[n]).</summary>
    public static List<Digest> Path(int m, ReadOnlySpan<Digest> leaves)
    {
        if (leaves.Length <= 1) return [];
        var split = Split(leaves.Length);
        return m < split ? [.. Path(m, leaves[..split]), Root(leaves[split..])] : [.. Path(m - split, leaves[split..]), Root(leaves[..split])];
    }

    /// <summary>PROOF(m, D[n]).</summary>
    public static List<Digest> Consistency(int m, ReadOnlySpan<Digest> leaves) => Subproof(m, leaves, isWhole: true);

    private static List<Digest> Subproof(int m, ReadOnlySpan<Digest> leaves, bool isWhole)
    {
        if (m == leaves.Length) return isWhole ? [] : [Root(leaves)];
        var split = Split(leaves.Length);
        return m <= split ? [.. Subproof(m, leaves[..split], isWhole), Root(leaves[split..])] : [.. Subproof(m - split, leaves[split..], false), Root(leaves[..split])];
    }

    private static int Split(int count)
    {
        var split = 1;
        while (split * 2 < count) split *= 2;
        return split;
    }

    private static Digest Node(Digest left, Digest right) => Digest.From(SHA256.HashData([1, .. left.ToArray(), .. right.ToArray()]));
}
