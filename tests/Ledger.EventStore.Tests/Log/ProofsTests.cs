using Ledger.Proof.Tree;

namespace Ledger.EventStore.Tests.Log;

public sealed class ProofsTests
{
    [Fact]
    public async Task Inclusion_and_consistency_are_those_of_the_definition_for_every_size_up_to_70()
    {
        await using var log = await LogUnderTest.CreateAsync();
        var tenant = LedgerDatabase.NewTenant();
        var builder = await log.LeadAsync();
        foreach (var count in new[] { 1, 2, 5, 11, 20, 31 })
        {
            await log.SealedAsync(tenant, count);
            await builder.FlushAllAsync();
        }
        var leaves = await log.ShouldProveAsync(tenant, 70);

        await Parallel.ForEachAsync(Enumerable.Range(1, 70), TestContext.Current.CancellationToken, async (size, cancellationToken) =>
        {
            var root = NaiveTree.Root(leaves.AsSpan(0, size));
            for (var position = 1; position <= size; position++)
            {
                var (provenRoot, proof) = await log.Reader.InclusionAsync(tenant, position, size, cancellationToken);
                provenRoot.ShouldBe(root);
                proof.ShouldBe(NaiveTree.Path(position - 1, leaves.AsSpan(0, size)));
            }
            for (var from = 1; from <= size; from++)
            {
                var (fromRoot, toRoot, proof) = await log.Reader.ConsistencyAsync(tenant, from, size, cancellationToken);
                (fromRoot, toRoot).ShouldBe((NaiveTree.Root(leaves.AsSpan(0, from)), root));
                proof.ShouldBe(NaiveTree.Consistency(from, leaves.AsSpan(0, size)));
            }
        });
    }

    [Fact]
    public async Task And_where_tiles_begin_and_end()
    {
        await using var log = await LogUnderTest.CreateAsync();
        var tenant = LedgerDatabase.NewTenant();
        var builder = await log.LeadAsync();
        await log.SealedAsync(tenant, 250);
        await builder.FlushAllAsync();
        await log.SealedAsync(tenant, 520);
        await builder.FlushAllAsync();
        var leaves = await log.ShouldProveAsync(tenant, 770);
        int[] edges = [1, 2, 255, 256, 257, 511, 512, 513, 767, 768, 769, 770];

        foreach (var size in edges)
        {
            foreach (var position in edges.Where(position => position <= size))
            {
                (await log.Reader.InclusionAsync(tenant, position, size, TestContext.Current.CancellationToken)).Proof.ShouldBe(NaiveTree.Path(position - 1, leaves.AsSpan(0, size)));
                var (fromRoot, toRoot, proof) = await log.Reader.ConsistencyAsync(tenant, position, size, TestContext.Current.CancellationToken);
                MerkleProof.VerifyConsistency(position, size, fromRoot, toRoot, proof).ShouldBeTrue();
            }
        }
    }
}
