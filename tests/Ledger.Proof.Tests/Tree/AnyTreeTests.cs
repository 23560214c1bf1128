using FsCheck.Fluent;
using Ledger.Proof.Tiles;
using Ledger.Proof.Tree;

namespace Ledger.Proof.Tests.Tree;

public class AnyTreeTests
{
    private static readonly ReferenceTree Tree = ReferenceTree.Of(1_100);

    [Fact]
    public void A_compact_range_has_the_root_of_the_definition_however_it_was_filled_and_left_off() =>
        Always.Holds(from size in Gen.Choose(0, 1_100) from seed in Gen.Choose(0, int.MaxValue - 1) select (size, seed), given =>
        {
            var dice = new Random(given.seed);
            var range = new CompactRange();
            while (range.Size < given.size)
            {
                var largest = TreeNode.LargestIn(range.Size, given.size).Level;
                var node = new TreeNode(dice.Next(largest + 1), 0);
                node = node with { Index = range.Size >> node.Level };
                range.Append(node.Level, Tree.Hash((int)node.First, (int)(node.First + node.Count)));
                if (dice.Next(4) == 0) range = new(range.Size, range.Subtrees);
            }
            range.Root().ShouldBe(Tree.Root(given.size));
        });

    [Fact]
    public void A_subtree_that_does_not_fit_is_refused()
    {
        var range = new CompactRange();
        range.Append(Tree.Leaves[0]);
        Should.Throw<ArgumentException>(() => range.Append(1, Tree.Leaves[1]));
        Should.Throw<ArgumentException>(() => new CompactRange(3, [Tree.Leaves[0]]));
    }

    [Fact]
    public void Every_inclusion_proof_verifies_and_no_edit_of_it_does() =>
        Always.Holds(from size in Gen.Choose(1, 1_100) from index in Gen.Choose(0, size - 1) from seed in Gen.Choose(0, int.MaxValue - 1) select (size, index, seed), given =>
        {
            var (size, index, dice) = (given.size, given.index, new Random(given.seed));
            var (leaf, root) = (Tree.Leaves[index], Tree.Root(size));
            var path = MerkleProof.MakeInclusionAsync(index, size, new TileNodes(Tree, size)).Result;
            MerkleProof.VerifyInclusion(index, size, leaf, path, root).ShouldBeTrue();

            MerkleProof.VerifyInclusion(index, size, Flipped(leaf, dice), path, root).ShouldBeFalse();
            MerkleProof.VerifyInclusion(index, size, leaf, path, Flipped(root, dice)).ShouldBeFalse();
            MerkleProof.VerifyInclusion(index, size, leaf, [.. path, leaf], root).ShouldBeFalse();
            MerkleProof.VerifyInclusion(size, size, leaf, path, root).ShouldBeFalse();
            MerkleProof.VerifyInclusion(-1, size, leaf, path, root).ShouldBeFalse();
            if (size > 1) MerkleProof.VerifyInclusion((index + 1) % size, size, leaf, path, root).ShouldBeFalse();
            if (path.Length == 0) return;
            MerkleProof.VerifyInclusion(index, size, leaf, path[1..], root).ShouldBeFalse();
            MerkleProof.VerifyInclusion(index, size, leaf, path[..^1], root).ShouldBeFalse();
            MerkleProof.VerifyInclusion(index, size, leaf, Flipped(path, dice), root).ShouldBeFalse();
        });

    [Fact]
    public void Every_consistency_proof_verifies_and_no_edit_of_it_does() =>
        Always.Holds(from size in Gen.Choose(0, 1_100) from old in Gen.Choose(0, size) from seed in Gen.Choose(0, int.MaxValue - 1) select (size, old, seed), given =>
        {
            var (size, old, dice) = (given.size, given.old, new Random(given.seed));
            var (oldRoot, root) = (Tree.Root(old), Tree.Root(size));
            var path = MerkleProof.MakeConsistencyAsync(old, size, new TileNodes(Tree, size)).Result;
            MerkleProof.VerifyConsistency(old, size, oldRoot, root, path).ShouldBeTrue();

            MerkleProof.VerifyConsistency(old, size, Flipped(oldRoot, dice), root, path).ShouldBeFalse();
            MerkleProof.VerifyConsistency(old, size, oldRoot, root, [.. path, root]).ShouldBeFalse();
            if (old < size) MerkleProof.VerifyConsistency(size, old, root, oldRoot, path).ShouldBeFalse();
            if (old > 0) MerkleProof.VerifyConsistency(old, size, oldRoot, Flipped(root, dice), path).ShouldBeFalse();
            if (path.Length == 0) return;
            MerkleProof.VerifyConsistency(old, size, oldRoot, root, path[1..]).ShouldBeFalse();
            MerkleProof.VerifyConsistency(old, size, oldRoot, root, path[..^1]).ShouldBeFalse();
            MerkleProof.VerifyConsistency(old, size, oldRoot, root, Flipped(path, dice)).ShouldBeFalse();
        });

    [Fact]
    public async Task Nodes_come_out_of_tiles_as_out_of_the_tree()
    {
        var nodes = new TileNodes(Tree, 1_100);
        for (var level = 0; level <= 10; level++)
        {
            for (var index = 0; (index + 1) << level <= 1_100; index += 1 + (100 >> level))
            {
                (await nodes.ReadAsync(new TreeNode(level, index), TestContext.Current.CancellationToken)).ShouldBe(Tree.Hash(index << level, (index + 1) << level));
            }
        }
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await nodes.ReadAsync(new TreeNode(0, 1_100)));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await nodes.ReadAsync(new TreeNode(4, 68)));
    }

    private static Digest Flipped(Digest digest, Random dice)
    {
        var bytes = digest.ToArray();
        bytes[dice.Next(bytes.Length)] ^= (byte)(1 << dice.Next(8));
        return Digest.From(bytes);
    }

    private static Digest[] Flipped(Digest[] path, Random dice)
    {
        Digest[] edited = [.. path];
        var at = dice.Next(edited.Length);
        edited[at] = Flipped(edited[at], dice);
        return edited;
    }
}
