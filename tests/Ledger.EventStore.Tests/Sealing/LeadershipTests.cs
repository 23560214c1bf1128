using System.Collections.Concurrent;
using Ledger.EventStore.Sealing;
using Npgsql;

namespace Ledger.EventStore.Tests.Sealing;

public sealed class LeadershipTests : IAsyncLifetime
{
    private readonly string _tenant = LedgerDatabase.NewTenant();
    private LedgerDatabase _ledger = null!;

    public async ValueTask InitializeAsync() => _ledger = await LedgerDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Fact]
    public async Task A_new_leader_goes_on_where_everything_is_settled_and_does_not_read_older_events_again()
    {
        var older = await _ledger.LeadAsync();
        await _ledger.Store.MustAppendAsync(_tenant, Sample.To("a", 0, count: 40));
        await older.SealAllAsync();
        await Waiting.UntilAsync("all is settled", async () => { await older.SealAllAsync(); return await _ledger.SettledAsync() == 40; });
        await _ledger.Store.MustAppendAsync(_tenant, Sample.To("a", 40, count: 2));

        var newer = await _ledger.LeadAsync();

        newer.Sequence.ShouldBe(40);
        (await newer.SealAsync(cancellationToken: TestContext.Current.CancellationToken)).ShouldBe(2, "rows read, not only rows numbered");
        newer.Sequence.ShouldBe(42);
        await _ledger.ShouldBeSealedCompletelyAsync();
    }

    [Fact]
    public async Task When_the_leading_process_ends_another_one_takes_over()
    {
        await using var one = new Process(_ledger, "sealer-one");
        await Waiting.UntilAsync("the first leads", () => Task.FromResult(one.Loop.IsLeader));
        await using var two = new Process(_ledger, "sealer-two");
        await AppendAndSealAsync(expectedVersion: 0);
        two.Loop.IsLeader.ShouldBeFalse();

        await one.StopAsync();

        await Waiting.UntilAsync("the second leads", () => Task.FromResult(two.Loop.IsLeader));
        one.Loop.IsLeader.ShouldBeFalse();
        await AppendAndSealAsync(expectedVersion: 3);
        await _ledger.ShouldBeSealedCompletelyAsync();
    }

    [Fact]
    public async Task A_leader_that_loses_its_lock_without_noticing_stands_back_at_its_next_batch()
    {
        await using var one = new Process(_ledger, "sealer-one");
        await Waiting.UntilAsync("the first leads", () => Task.FromResult(one.Loop.IsLeader));
        await using var two = new Process(_ledger, "sealer-two");
        await AppendAndSealAsync(expectedVersion: 0);

        await _ledger.ExecuteAsync("select pg_terminate_backend(pid, 5000) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())");
        await Waiting.UntilAsync("the second leads", () => Task.FromResult(two.Loop.IsLeader));
        await AppendAndSealAsync(expectedVersion: 3);

        await Waiting.UntilAsync("the first stands back", () => Task.FromResult(!one.Loop.IsLeader));
        one.Failures.ShouldContain(failure => failure is SealerFencedException);
        two.Failures.ShouldBeEmpty();
        await _ledger.ShouldBeSealedCompletelyAsync();
    }

    [Fact]
    public async Task Two_loops_whose_sessions_are_cut_again_and_again_seal_everything_between_them()
    {
        await using var one = new Process(_ledger, "sealer-one");
        await using var two = new Process(_ledger, "sealer-two");
        for (var version = 0; version < 60; version++)
        {
            await _ledger.Store.MustAppendAsync(_tenant, Sample.To("a", version));
            // Whoever leads loses its session with the lock, and with it perhaps a batch in flight.
            if (version % 20 == 10) await _ledger.ExecuteAsync("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and application_name like 'sealer-%'");
        }

        await SealedAsync(60);
        await Waiting.UntilAsync("exactly one leads", () => Task.FromResult(one.Loop.IsLeader != two.Loop.IsLeader));
        await _ledger.ShouldBeSealedCompletelyAsync();
    }

    [Fact]
    public async Task A_leader_that_ends_in_order_gives_the_lock_back_though_its_session_stays_in_the_pool()
    {
        await using (var one = new Process(_ledger, "sealer-one"))
        {
            await Waiting.UntilAsync("it leads", () => Task.FromResult(one.Loop.IsLeader));
            await one.StopAsync();

            (await _ledger.ScalarAsync<long>("select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())")).ShouldBe(0);
        }
    }

    [Fact]
    public async Task An_append_that_ends_while_the_process_shuts_down_is_still_an_append()
    {
        using var stopping = new CancellationTokenSource();
        var loop = new SealingLoop(_ledger.Store);
        var running = loop.RunAsync(stopping.Token);

        loop.Dispose();

        await _ledger.Store.MustAppendAsync(_tenant, Sample.To("a", 0));
        await stopping.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_database_that_cannot_be_found_is_looked_for_again()
    {
        await using var nowhere = LedgerDataSource.Create("Host=no-such-host.invalid;Timeout=2");
        using var stopping = new CancellationTokenSource();
        var failures = new ConcurrentQueue<Exception>();
        using var loop = new SealingLoop(new EventStore(nowhere), failures.Enqueue);
        var running = loop.RunAsync(stopping.Token);

        await Waiting.UntilAsync("it has failed twice", () => Task.FromResult(failures.Count >= 2 || running.IsCompleted));

        await stopping.CancelAsync();
        await running;
        failures.Count.ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public async Task Readers_are_told_once_per_batch_how_far_the_ledger_is_sealed_and_not_at_all_when_nothing_is()
    {
        await using var listener = await _ledger.DataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var heard = new List<string>();
        listener.Notification += (_, notification) => heard.Add($"{notification.Channel} {notification.Payload}");
        await new NpgsqlCommand("listen ledger_sealed", listener).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var sealer = await _ledger.LeadAsync();

        await _ledger.Store.MustAppendAsync(_tenant, Sample.To("a", 0, count: 5));
        await sealer.SealAllAsync(limit: 3);
        await sealer.SealAllAsync();

        await new NpgsqlCommand("select 1", listener).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        heard.ShouldBe(["ledger_sealed 3", "ledger_sealed 5"]);
        await new NpgsqlCommand("unlisten *", listener).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private async Task AppendAndSealAsync(long expectedVersion)
    {
        await _ledger.Store.MustAppendAsync(_tenant, Sample.To("a", expectedVersion, count: 3));
        await SealedAsync(expectedVersion + 3);
    }

    private Task SealedAsync(long count) => Waiting.UntilAsync($"{count} events are sealed", async () => await _ledger.ScalarAsync<long>("select sequence from ledger.sealer") == count);

    /// <summary>A serving process as far as sealing goes: sessions of its own, and a loop.</summary>
    private sealed class Process : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stopping = new();
        private readonly NpgsqlDataSource _dataSource;
        private readonly Task _running;

        public Process(LedgerDatabase ledger, string name)
        {
            _dataSource = LedgerDataSource.Create(ledger.ConnectionString, name);
            Loop = new SealingLoop(new EventStore(_dataSource), Failures.Enqueue);
            _running = Loop.RunAsync(_stopping.Token);
        }

        public SealingLoop Loop { get; }

        public ConcurrentQueue<Exception> Failures { get; } = [];

        public async Task StopAsync()
        {
            await _stopping.CancelAsync();
            await _running;
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            Loop.Dispose();
            _stopping.Dispose();
            await _dataSource.DisposeAsync();
        }
    }
}
