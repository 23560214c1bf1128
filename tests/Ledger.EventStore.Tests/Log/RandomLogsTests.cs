using Ledger.EventStore.Log;

namespace Ledger.EventStore.Tests.Log;

/// <summary>Whatever tenants append, whenever is sealed and flushed, in pieces of any size, by however many builders one after the other.</summary>
public sealed class RandomLogsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_tree_is_the_naive_one_over_the_tenants_own_feed(int seed)
    {
        await using var log = await LogUnderTest.CreateAsync();
        var random = new Random(seed);
        var tenants = Enumerable.Range(0, 6).Select(_ => LedgerDatabase.NewTenant()).ToArray();
        var appended = tenants.ToDictionary(tenant => tenant, _ => 0L);
        var builder = await log.LeadAsync();
        for (var step = 0; step < 60; step++)
        {
            var tenant = tenants[random.Next(random.Next(tenants.Length) + 1)];   // some have much, some little
            var count = random.Next(4) == 0 ? random.Next(80) : random.Next(4);
            await log.SealedAsync(tenant, count);
            appended[tenant] += count;
            if (random.Next(3) > 0) await builder.FlushAsync(random.Next(1, 120), TestContext.Current.CancellationToken);
            if (random.Next(6) == 0) builder = await log.LeadAsync();
        }
        await builder.FlushAllAsync(limit: 50);

        foreach (var (tenant, count) in appended) await log.ShouldProveAsync(tenant, count);
        (await log.Ledger.ScalarAsync<long>("select sum(size)::bigint from ledger.log_heads")).ShouldBe(appended.Values.Sum());
    }

    [Fact]
    public async Task A_tree_of_several_tiles_is_too_and_a_full_chunk_is_one_row()
    {
        await using var log = await LogUnderTest.CreateAsync();
        var tenant = LedgerDatabase.NewTenant();
        var builder = await log.LeadAsync();
        foreach (var count in new[] { 100, 155, 1, 256, 300, 211, 2, 700 })
        {
            await log.SealedAsync(tenant, count);
            await builder.FlushAllAsync();
        }

        await log.ShouldProveAsync(tenant, 1_725);
    }

    [Fact]
    public async Task Checkpoints_grow_one_per_flush_and_tenant_and_none_comes_without_events()
    {
        await using var log = await LogUnderTest.CreateAsync();
        var (busy, quiet) = (LedgerDatabase.NewTenant(), LedgerDatabase.NewTenant());
        var builder = await log.LeadAsync();
        await log.SealedAsync(quiet, 1);
        for (var flush = 1; flush <= 5; flush++)
        {
            await log.SealedAsync(busy, flush);
            (await builder.FlushAsync(cancellationToken: TestContext.Current.CancellationToken)).Leaves.ShouldBe(flush + (flush == 1 ? 1 : 0));
        }
        var written = await WrittenAsync();
        (await builder.FlushAsync(cancellationToken: TestContext.Current.CancellationToken)).ShouldBe(new LogFlush(0, false, []), new SameFlush());

        (await WrittenAsync()).ShouldBe(written);
        (await log.Reader.PageAsync(busy, long.MaxValue, 100, TestContext.Current.CancellationToken)).Select(checkpoint => checkpoint.Size).ShouldBe([15L, 10, 6, 3, 1]);
        (await log.Reader.PageAsync(quiet, long.MaxValue, 100, TestContext.Current.CancellationToken)).Select(checkpoint => checkpoint.Size).ShouldBe([1L]);

        // The row every flush writes shows by its version whether one did.
        Task<string> WrittenAsync() => log.Ledger.ScalarAsync<string>("select concat_ws(' ', xmin, ctid, sequence) from ledger.log_builder");
    }

    private sealed class SameFlush : IEqualityComparer<LogFlush>
    {
        public bool Equals(LogFlush? x, LogFlush? y) => (x!.Leaves, x.IsBehind, x.Broken.Count) == (y!.Leaves, y.IsBehind, y.Broken.Count);

        public int GetHashCode(LogFlush obj) => obj.Leaves.GetHashCode();
    }
}
