using Npgsql;

namespace Ledger.EventStore.Tests.Sealing;

/// <summary>A number below a visible one is missing: its writer is still open, or was rolled back.</summary>
public sealed class OpenWritersTests : IAsyncLifetime
{
    private readonly string _tenant = LedgerDatabase.NewTenant();
    private LedgerDatabase _ledger = null!;

    public async ValueTask InitializeAsync() => _ledger = await LedgerDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    /// <remarks>The batch's own transaction id is the smaller one then: dating the missing number by it would give the number up too early.</remarks>
    [Fact]
    public async Task A_writer_that_begins_between_a_batchs_own_transaction_id_and_its_reading_is_waited_for()
    {
        var sealer = await _ledger.LeadAsync();
        await _ledger.Store.MustAppendAsync(_tenant, Sample.To("before", 0));
        await using var blocker = await _ledger.DataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var blocking = await blocker.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await new NpgsqlCommand("lock table ledger.event_positions", blocker, blocking).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var batch = sealer.SealAsync(cancellationToken: TestContext.Current.CancellationToken);
        await _ledger.UntilSomebodyWaitsForALockAsync();

        await using var slow = await HandHeldAppend.BeginAsync(_ledger, _tenant);
        await slow.LockAsync("slow", expectedVersion: 0);
        await slow.InsertAsync();
        await _ledger.Store.MustAppendAsync(_tenant, Sample.To("fast", 0));
        await blocking.RollbackAsync(TestContext.Current.CancellationToken);
        (await batch).ShouldBe(2, "the batch read after the writer had drawn its number");
        for (var pass = 0; pass < 3; pass++) await sealer.SealAllAsync();

        await slow.CommitAsync();
        await sealer.SealAllAsync();

        (await _ledger.SealedVersionsAsync(_tenant, "slow")).ShouldBe([1]);
        (await _ledger.ShouldBeSealedCompletelyAsync()).ShouldBe(3);
    }

    [Fact]
    public async Task An_open_writers_events_are_sealed_when_it_commits_behind_everything_sealed_meanwhile()
    {
        var sealer = await _ledger.LeadAsync();
        await using var slow = await HandHeldAppend.BeginAsync(_ledger, _tenant);
        await slow.LockAsync("slow", expectedVersion: 0);
        await slow.InsertAsync(count: 3);
        for (var version = 0; version < 5; version++)
        {
            await _ledger.Store.MustAppendAsync(_tenant, Sample.To("fast", version));
            await sealer.SealAllAsync();
        }

        await slow.CommitAsync();
        await sealer.SealAllAsync();

        (await _ledger.Store.ReadFeedAsync(_tenant, 0, 100, TestContext.Current.CancellationToken)).Select(read => (read.StreamId, read.Version)).ShouldBe([
            ("fast", 1L), ("fast", 2L), ("fast", 3L), ("fast", 4L), ("fast", 5L), ("slow", 1L), ("slow", 2L), ("slow", 3L)]);
        (await _ledger.ShouldBeSealedCompletelyAsync()).ShouldBe(8);
    }

    [Fact]
    public async Task Numbers_of_rolled_back_writers_are_given_up_and_leave_no_gap()
    {
        var sealer = await _ledger.LeadAsync();
        for (var round = 0; round < 5; round++)
        {
            await using var failing = await HandHeldAppend.BeginAsync(_ledger, _tenant);
            await failing.LockAsync($"failing/{round}", expectedVersion: 0);
            await failing.InsertAsync(count: 2);
            await _ledger.Store.MustAppendAsync(_tenant, Sample.To($"fine/{round}", 0));
            if (round % 2 == 0) await sealer.SealAllAsync();   // some are missed while open, some never seen at all
            await failing.RollBackAsync();
        }

        await Waiting.UntilAsync("the last number is settled", async () =>
        {
            await sealer.SealAllAsync();
            return await _ledger.SettledAsync() == await _ledger.ScalarAsync<long>("select max(seq_id) from ledger.mt_events");
        });
        (await _ledger.ShouldBeSealedCompletelyAsync()).ShouldBe(5);
        (await _ledger.ScalarAsync<long>("select max(seq_id) from ledger.mt_events")).ShouldBe(15, "ten numbers were wasted");
    }

    [Fact]
    public async Task A_writer_that_was_open_when_the_leader_changed_is_not_forgotten()
    {
        var older = await _ledger.LeadAsync();
        await using var slow = await HandHeldAppend.BeginAsync(_ledger, _tenant);
        await slow.LockAsync("slow", expectedVersion: 0);
        await slow.InsertAsync();
        await _ledger.Store.MustAppendAsync(_tenant, Sample.To("fast", 0, count: 3));
        await older.SealAllAsync();

        var newer = await _ledger.LeadAsync();
        await newer.SealAllAsync();
        await slow.CommitAsync();
        await newer.SealAllAsync();

        (await _ledger.SealedVersionsAsync(_tenant, "slow")).ShouldBe([1]);
        (await _ledger.ShouldBeSealedCompletelyAsync()).ShouldBe(4);
    }
}
