using Ledger.EventStore.Log;
using Npgsql;

namespace Ledger.EventStore.Tests.Log;

/// <summary>Two processes may both believe they lead: a paused one does not know how long it was away.</summary>
public sealed class LogFencingTests : IAsyncLifetime
{
    private readonly string _tenant = LedgerDatabase.NewTenant();
    private LogUnderTest _log = null!;

    public async ValueTask InitializeAsync()
    {
        _log = await LogUnderTest.CreateAsync();
        await _log.SealedAsync(_tenant, 10);
    }

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    [Fact]
    public async Task An_older_builder_writes_nothing_once_a_newer_one_has_begun()
    {
        var older = await _log.LeadAsync();
        (await older.FlushAsync(limit: 4, TestContext.Current.CancellationToken)).Leaves.ShouldBe(4);
        var newer = await _log.LeadAsync();

        await Should.ThrowAsync<LogBuilderFencedException>(() => older.FlushAsync(cancellationToken: TestContext.Current.CancellationToken));

        (await _log.Reader.SizeAsync(_tenant, TestContext.Current.CancellationToken)).ShouldBe(4);
        (await newer.FlushAllAsync()).ShouldBe(6);
        await _log.ShouldProveAsync(_tenant, 10);
    }

    [Fact]
    public async Task A_new_builder_waits_for_the_flush_an_older_one_is_writing_and_goes_on_after_it()
    {
        var older = await _log.LeadAsync();
        await using var blocker = await BlockAsync();
        var flush = older.FlushAsync(limit: 6, TestContext.Current.CancellationToken);
        await _log.Ledger.UntilSomebodyWaitsForALockAsync();
        var taking = _log.LeadAsync();
        await _log.Ledger.UntilSomebodyWaitsForALockAsync(waiters: 2);
        await blocker.DisposeAsync();

        (await flush).Leaves.ShouldBe(6);
        (await (await taking).FlushAllAsync()).ShouldBe(4);
        await _log.ShouldProveAsync(_tenant, 10);
    }

    [Fact]
    public async Task A_builder_frozen_in_the_middle_of_its_flush_and_ended_by_the_guard_rail_leaves_nothing()
    {
        var older = await _log.LeadAsync();
        await using var blocker = await BlockAsync();
        var flush = older.FlushAsync(cancellationToken: TestContext.Current.CancellationToken);
        await _log.Ledger.UntilSomebodyWaitsForALockAsync();
        await _log.Ledger.ExecuteAsync("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
        await Should.ThrowAsync<NpgsqlException>(flush);
        await blocker.DisposeAsync();

        (await _log.Reader.SizeAsync(_tenant, TestContext.Current.CancellationToken)).ShouldBe(0);
        var newer = await _log.LeadAsync();
        await Should.ThrowAsync<LogBuilderFencedException>(() => older.FlushAsync(cancellationToken: TestContext.Current.CancellationToken));
        (await newer.FlushAllAsync()).ShouldBe(10);
        await _log.ShouldProveAsync(_tenant, 10);
    }

    // A flush that has passed its fence waits here, in the middle of its writes, until the blocker is disposed.
    private async Task<NpgsqlConnection> BlockAsync()
    {
        var blocker = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_log.Ledger.ConnectionString) { Pooling = false }.ConnectionString);
        await blocker.OpenAsync(TestContext.Current.CancellationToken);
        await new NpgsqlCommand("begin; lock table ledger.log_heads in share mode", blocker).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return blocker;
    }
}
