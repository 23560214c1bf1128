namespace Ledger.EventStore.Tests.Sealing;

public sealed class BacklogTests : IAsyncLifetime
{
    private readonly string _tenant = LedgerDatabase.NewTenant();
    private LedgerDatabase _ledger = null!;

    public async ValueTask InitializeAsync() => _ledger = await LedgerDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(500)]
    public async Task Larger_than_a_batch_is_sealed_batch_by_batch_gaps_and_late_writers_included(int limit)
    {
        await using var slow = await HandHeldAppend.BeginAsync(_ledger, _tenant);
        await slow.LockAsync("slow", expectedVersion: 0);
        await slow.InsertAsync(count: 20);
        for (var version = 0; version < 100; version += 10)
        {
            await _ledger.Store.MustAppendAsync(_tenant, Sample.To("fast", version, count: 10));
            await using var failing = await HandHeldAppend.BeginAsync(_ledger, _tenant);
            await failing.LockAsync("failing", expectedVersion: 0);
            await failing.InsertAsync();
            await failing.RollBackAsync();
        }
        var sealer = await _ledger.LeadAsync();

        var (sealedSoFar, drawnLate) = (0, false);
        while (sealedSoFar < 100)
        {
            var batch = await sealer.SealAsync(limit, TestContext.Current.CancellationToken);
            batch.ShouldBeInRange(1, limit);
            sealedSoFar += batch;
            if (sealedSoFar < 50 || drawnLate) continue;
            await slow.InsertAsync();   // a number above the ones not read yet
            drawnLate = true;
        }
        await slow.CommitAsync();
        await sealer.SealAllAsync(limit);

        (await _ledger.ShouldBeSealedCompletelyAsync()).ShouldBe(await _ledger.ScalarAsync<long>("select count(*) from ledger.mt_events"));
    }

    [Fact]
    public async Task Sealed_by_an_earlier_leader_above_an_open_gap_is_read_again_by_the_next_one_and_not_numbered_again()
    {
        await using var slow = await HandHeldAppend.BeginAsync(_ledger, _tenant);
        await slow.LockAsync("slow", expectedVersion: 0);
        await slow.InsertAsync();
        await _ledger.Store.MustAppendAsync(_tenant, Sample.To("fast", 0, count: 30));
        await (await _ledger.LeadAsync()).SealAllAsync();

        var next = await _ledger.LeadAsync();
        await next.SealAllAsync(limit: 4);

        next.Sequence.ShouldBe(30);
        await slow.CommitAsync();
        await next.SealAllAsync(limit: 4);
        (await _ledger.ShouldBeSealedCompletelyAsync()).ShouldBe(31);
    }
}
