namespace Ledger.Proof.Tree;

/// <summary>Where proofs get their hashes from.</summary>
public interface INodeReader
{
    /// <summary>The hash of a perfect subtree that lies inside the tree.</summary>
    ValueTask<Digest> ReadAsync(TreeNode node, CancellationToken cancellationToken = default);
}
