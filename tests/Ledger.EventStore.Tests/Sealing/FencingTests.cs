using Ledger.EventStore.Sealing;
using Npgsql;

namespace Ledger.EventStore.Tests.Sealing;

/// <summary>Two processes may both believe they lead: a paused one does not know how long it was away.</summary>
public sealed class FencingTests : IAsyncLifetime
{
    private readonly string _tenant = LedgerDatabase.NewTenant();
    private LedgerDatabase _ledger = null!;

    public async ValueTask InitializeAsync()
    {
        _ledger = await LedgerDatabase.CreateAsync();
        await _ledger.Store.MustAppendAsync(_tenant, Sample.To("a", 0, count: 10));
    }

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Fact]
    public async Task An_older_leader_writes_nothing_once_a_newer_one_has_begun()
    {
        var older = await _ledger.LeadAsync();
        var newer = await _ledger.LeadAsync();

        await Should.ThrowAsync<SealerFencedException>(() => older.SealAsync(cancellationToken: TestContext.Current.CancellationToken));

        (await _ledger.ScalarAsync<long>("select count(*) from ledger.event_positions")).ShouldBe(0);
        (await newer.SealAllAsync()).ShouldBe(10);
        await _ledger.ShouldBeSealedCompletelyAsync();
    }

    [Fact]
    public async Task An_older_leader_that_has_sealed_before_is_fenced_all_the_same()
    {
        var older = await _ledger.LeadAsync();
        await older.SealAllAsync();
        var newer = await _ledger.LeadAsync();
        await _ledger.Store.MustAppendAsync(_tenant, Sample.To("a", 10));
        await newer.SealAllAsync();
        await _ledger.Store.MustAppendAsync(_tenant, Sample.To("a", 11));

        await Should.ThrowAsync<SealerFencedException>(() => older.SealAsync(cancellationToken: TestContext.Current.CancellationToken));
        await newer.SealAllAsync();

        (await _ledger.ShouldBeSealedCompletelyAsync()).ShouldBe(12);
    }

    [Fact]
    public async Task A_new_leader_waits_for_the_batch_an_older_one_is_writing_and_goes_on_after_it()
    {
        var older = await _ledger.LeadAsync();
        await using var blocker = await BlockAsync();
        var batch = older.SealAsync(limit: 6, TestContext.Current.CancellationToken);
        await _ledger.UntilSomebodyWaitsForALockAsync();

        var taking = _ledger.LeadAsync();
        await _ledger.UntilSomebodyWaitsForALockAsync(waiters: 2);
        await blocker.DisposeAsync();

        (await batch).ShouldBe(6);
        var newer = await taking;
        newer.Sequence.ShouldBe(6);
        (await newer.SealAllAsync()).ShouldBe(4);
        await _ledger.ShouldBeSealedCompletelyAsync();
    }

    [Fact]
    public async Task A_leader_that_dies_in_the_middle_of_a_batch_leaves_nothing_of_it()
    {
        var older = await _ledger.LeadAsync();
        await using var blocker = await BlockAsync();
        var batch = older.SealAsync(cancellationToken: TestContext.Current.CancellationToken);
        await _ledger.UntilSomebodyWaitsForALockAsync();

        await _ledger.ExecuteAsync("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
        await Should.ThrowAsync<NpgsqlException>(batch);
        await blocker.DisposeAsync();

        (await _ledger.ScalarAsync<long>("select count(*) from ledger.event_positions")).ShouldBe(0);
        (await (await _ledger.LeadAsync()).SealAllAsync()).ShouldBe(10);
        await _ledger.ShouldBeSealedCompletelyAsync();
    }

    [Fact]
    public async Task A_process_stopped_between_fence_and_commit_is_ended_by_the_guard_rail_and_does_not_stop_the_next_leader()
    {
        await using var dataSource = LedgerDataSource.Create(_ledger.ConnectionString + ";Options=-c idle_in_transaction_session_timeout=300ms");
        await using var stopped = await dataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await stopped.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var fence = new NpgsqlCommand("select epoch from ledger.sealer for update", stopped, transaction);
        await fence.ExecuteScalarAsync(TestContext.Current.CancellationToken);

        var newer = await _ledger.LeadAsync();   // waits for the row until the server ends the idle session

        (await newer.SealAllAsync()).ShouldBe(10);
        await Should.ThrowAsync<NpgsqlException>(() => transaction.CommitAsync(TestContext.Current.CancellationToken));
    }

    // A batch that has passed its fence waits here, in the middle of its writes, until the blocker is disposed.
    private async Task<NpgsqlConnection> BlockAsync()
    {
        var settings = new NpgsqlConnectionStringBuilder(_ledger.ConnectionString) { Pooling = false };
        var blocker = new NpgsqlConnection(settings.ConnectionString);
        await blocker.OpenAsync(TestContext.Current.CancellationToken);
        await new NpgsqlCommand("begin; lock table ledger.event_positions in share mode", blocker).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return blocker;
    }
}
