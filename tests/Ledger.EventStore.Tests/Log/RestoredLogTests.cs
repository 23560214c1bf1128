using Ledger.EventStore.Tests.Postgres;
using Ledger.Proof.Notes;
using Ledger.Proof.Tree;

namespace Ledger.EventStore.Tests.Log;

/// <summary>A log is data: a dump carries positions, leaves, tree, checkpoints and the key to another server.</summary>
public sealed class RestoredLogTests
{
    [Fact]
    public async Task Every_proof_made_before_holds_after_and_the_log_goes_on()
    {
        await using var log = await LogUnderTest.CreateAsync();
        await DumpAndRestore.SkipUnlessThereAsync(log.Ledger);
        var (tenant, other) = (LedgerDatabase.NewTenant(), LedgerDatabase.NewTenant());
        var builder = await log.LeadAsync();
        foreach (var count in new[] { 3, 270, 30 })
        {
            await log.SealedAsync(tenant, count);
            await builder.FlushAllAsync();
        }
        await log.SealedAsync(other, 2);
        await builder.FlushAllAsync();
        await log.SealedAsync(tenant, 4);   // sealed and not in the log: the restored server takes it up
        var keys = await log.VerifierKeysAsync();
        var kept = Checkpoint.Open((await log.Reader.LatestAsync(tenant, TestContext.Current.CancellationToken))!.Note, keys);
        var (_, proof) = await log.Reader.InclusionAsync(tenant, 7, kept.Size, TestContext.Current.CancellationToken);
        var leaf = (await log.Reader.LeavesAsync(tenant, 7, 7, TestContext.Current.CancellationToken))[0];

        await using var restored = await LogUnderTest.CreateAsync(await DumpAndRestore.CopyAsync(log.Ledger));
        await restored.ShouldProveAsync(tenant, 303);
        await restored.ShouldProveAsync(other, 2);
        (await restored.Reader.InclusionAsync(tenant, 7, kept.Size, TestContext.Current.CancellationToken)).Proof.ShouldBe(proof);
        MerkleProof.VerifyInclusion(6, kept.Size, leaf.Hash, proof, kept.Root).ShouldBeTrue();

        (await (await restored.LeadAsync()).FlushAllAsync()).ShouldBe(4);
        await restored.SealedAsync(tenant, 10);
        await (await restored.LeadAsync()).FlushAllAsync();
        await restored.ShouldProveAsync(tenant, 317);
        // A reader that kept a checkpoint and a key of the old server needs nothing else.
        var now = Checkpoint.Open((await restored.Reader.LatestAsync(tenant, TestContext.Current.CancellationToken))!.Note, keys);
        var (from, to, consistency) = await restored.Reader.ConsistencyAsync(tenant, kept.Size, now.Size, TestContext.Current.CancellationToken);
        MerkleProof.VerifyConsistency(kept.Size, now.Size, kept.Root, now.Root, consistency).ShouldBeTrue();
        (from, to).ShouldBe((kept.Root, now.Root));
    }
}
