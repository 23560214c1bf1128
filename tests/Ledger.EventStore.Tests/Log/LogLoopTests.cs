using System.Collections.Concurrent;
using Ledger.EventStore.Log;

namespace Ledger.EventStore.Tests.Log;

public sealed class LogLoopTests : IAsyncLifetime
{
    private readonly string _tenant = LedgerDatabase.NewTenant();
    private readonly CancellationTokenSource _stopping = new();
    private LogUnderTest _log = null!;

    public async ValueTask InitializeAsync() => _log = await LogUnderTest.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        _stopping.Dispose();
        await _log.DisposeAsync();
    }

    [Fact]
    public async Task While_events_arrive_there_is_a_checkpoint_in_every_second_and_one_only_per_interval()
    {
        LogLoop.FlushInterval.ShouldBeLessThan(TimeSpan.FromSeconds(1));
        var clock = new PacedClock();
        var running = new LogLoop(_log.Ledger.DataSource, _log.Signer, clock).RunAsync(_stopping.Token);
        for (var interval = 1; interval <= 6; interval++)
        {
            // Three times in an interval something is sealed; the first of all is not kept waiting.
            for (var time = 0; time < 3; time++) await _log.SealedAsync(_tenant, 1);
            if (interval > 1) clock.Advance(LogLoop.FlushInterval);
            await Waiting.UntilAsync("the builder has flushed and waits for the interval to pass", async () =>
                clock.Waiting.Count == 1 && await _log.Reader.SizeAsync(_tenant) >= interval * 3 - (interval == 1 ? 2 : 0));
            clock.Waiting.ShouldHaveSingleItem().ShouldBe(LogLoop.FlushInterval);
            (await CheckpointsAsync()).ShouldBe(interval);
        }

        // What came during the last interval is flushed after it; then nothing comes, and there is nobody left who waits.
        clock.Advance(LogLoop.FlushInterval);
        await Waiting.UntilAsync("everything is in the log and the builder waits for more", async () => clock.Waiting.Count == 0 && await _log.Reader.SizeAsync(_tenant) == 18);
        (await CheckpointsAsync()).ShouldBeLessThanOrEqualTo(7);
        await EndAsync(running);
        await _log.ShouldProveAsync(_tenant, 18);
    }

    [Fact]
    public async Task Two_processes_whose_sessions_are_cut_again_and_again_build_one_log_between_them()
    {
        var failures = new ConcurrentQueue<Exception>();
        await using var one = LedgerDataSource.Create(_log.Ledger.ConnectionString, "log-one");
        await using var two = LedgerDataSource.Create(_log.Ledger.ConnectionString, "log-two");
        using var signer = new CheckpointSigner(_log.Keys, _log.Settings);
        LogLoop[] loops = [new(one, _log.Signer, TimeProvider.System, failures.Enqueue), new(two, signer, TimeProvider.System, failures.Enqueue)];
        var running = Task.WhenAll(loops.Select(loop => loop.RunAsync(_stopping.Token)));
        for (var round = 1; round <= 3; round++)
        {
            await _log.SealedAsync(_tenant, 40);
            await Waiting.UntilAsync("one of them leads", () => Task.FromResult(loops.Any(loop => loop.IsLeader)));
            await _log.Ledger.ExecuteAsync("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and application_name like 'log-%'");
        }

        await Waiting.UntilAsync("everything is in the log", async () => await _log.Reader.SizeAsync(_tenant) == 120);
        await EndAsync(running);
        await _log.ShouldProveAsync(_tenant, 120);
    }

    private Task<long> CheckpointsAsync() => _log.Ledger.ScalarAsync<long>("select count(*) from ledger.log_checkpoints");

    private async Task EndAsync(Task running)
    {
        await _stopping.CancelAsync();
        await running;
    }
}
