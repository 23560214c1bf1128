using System.Security.Cryptography;
using Ledger.EventStore.Log;
using Ledger.Proof.Tree;

namespace Ledger.EventStore.Tests.Log;

public sealed class TreeGrowthTests
{
    [Fact]
    public void Every_root_up_to_600_leaves_is_the_one_of_the_definition_wherever_it_was_taken_up_again()
    {
        var leaves = Leaves(600);
        for (var stop = 0; stop < 600; stop += 13)
        {
            var tree = Grown(new TreeGrowth(0, []), leaves.AsSpan(0, stop));
            tree = new TreeGrowth(stop, tree.Subtrees);
            for (var size = stop + 1; size <= Math.Min(stop + 14, 600); size++)
            {
                tree.Add(leaves[size - 1]);
                tree.Root.ShouldBe(NaiveTree.Root(leaves.AsSpan(0, size)));
            }
        }
    }

    [Fact]
    public void Tiles_of_three_levels_come_out_whole_in_pieces_of_any_length()
    {
        var leaves = Leaves(66_000);
        var random = new Random(4711);
        var tiles = new Dictionary<(short, long), List<byte>>();
        var tree = new TreeGrowth(0, []);
        while (tree.Size < leaves.Length)
        {
            tree = new TreeGrowth(tree.Size, tree.Subtrees);
            Grown(tree, leaves.AsSpan((int)tree.Size, Math.Min(random.Next(1, 3_000), leaves.Length - (int)tree.Size)));
            foreach (var (level, tile, hashes) in tree.TileEnds)
            {
                if (!tiles.TryGetValue((level, tile), out var known)) tiles.Add((level, tile), known = []);
                known.AddRange(hashes);
            }
        }

        tree.Root.ShouldBe(NaiveTree.Root(leaves));
        byte[] roots = [.. leaves.Chunk(256).Where(chunk => chunk.Length == 256).SelectMany(chunk => NaiveTree.Root(chunk).ToArray())];
        tiles.Keys.ShouldBe([((short)1, 0L), ((short)1, 1L), ((short)2, 0L)], ignoreOrder: true);
        tiles[(1, 0)].Concat(tiles[(1, 1)]).ShouldBe(roots);
        tiles[(2, 0)].ShouldBe(NaiveTree.Root(leaves.AsSpan(0, 65_536)).ToArray());
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(0, 1)]
    [InlineData(256, 2)]
    public void Subtrees_of_another_size_are_refused(long size, int subtrees) =>
        Should.Throw<InvalidDataException>(() => new TreeGrowth(size, new byte[32 * subtrees]));

    private static TreeGrowth Grown(TreeGrowth tree, ReadOnlySpan<Digest> leaves)
    {
        foreach (var leaf in leaves) tree.Add(leaf);
        return tree;
    }

    private static Digest[] Leaves(int count) => [.. Enumerable.Range(0, count).Select(number => Digest.From(SHA256.HashData(BitConverter.GetBytes(number))))];
}
