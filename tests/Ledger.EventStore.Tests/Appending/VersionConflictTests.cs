namespace Ledger.EventStore.Tests.Appending;

public sealed class VersionConflictTests(LedgerDatabase ledger) : IClassFixture<LedgerDatabase>
{
    private readonly string _tenant = LedgerDatabase.NewTenant();

    private EventStore Store => ledger.Store;

    [Fact]
    public async Task A_conflict_names_exactly_the_offending_streams_with_their_versions_and_writes_nothing()
    {
        await Store.MustAppendAsync(_tenant, Sample.To("behind", 0, count: 3), Sample.To("exists", 0), Sample.To("right", 0, count: 2));

        var conflicts = await Store.MustConflictAsync(_tenant,
            Sample.To("right", 2), Sample.To("new", 0), Sample.To("exists", 0), Sample.To("behind", 2), Sample.To("missing", 5));

        conflicts.ShouldBe([new("behind", 2, 3), new("exists", 0, 1), new("missing", 5, 0)]);
        (await CountAsync()).ShouldBe((Events: 6, Streams: 3));
    }

    [Fact]
    public async Task A_held_stream_that_has_moved_on_is_a_conflict_too()
    {
        await Store.MustAppendAsync(_tenant, Sample.To("record", 0, count: 2));

        (await Store.MustConflictAsync(_tenant, Sample.To("record", 1, count: 0), Sample.To("item", 0))).ShouldBe([new("record", 1, 2)]);

        (await CountAsync()).ShouldBe((Events: 2, Streams: 1));
    }

    [Fact]
    public async Task Two_writers_that_create_the_same_stream_at_once_leave_one_winner()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Store.AppendAsync(_tenant, Sample.To("a", 0), Sample.To("b", 0)))));

        results.OfType<AppendResult.Appended>().Count().ShouldBe(1);
        results.OfType<AppendResult.Conflict>().ShouldAllBe(conflict => conflict.Streams.SequenceEqual(new VersionConflict[] { new("a", 0, 1), new("b", 0, 1) }));
        (await CountAsync()).ShouldBe((Events: 2, Streams: 2));
    }

    [Fact]
    public async Task Whoever_waits_for_a_creator_that_gives_up_creates_the_stream()
    {
        await using var first = await HandHeldAppend.BeginAsync(ledger, _tenant);
        await first.LockAsync("a", expectedVersion: 0);
        var second = Store.AppendAsync(_tenant, Sample.To("a", 0));
        await ledger.UntilSomebodyWaitsForALockAsync();

        await first.RollBackAsync();

        (await second).ShouldBeOfType<AppendResult.Appended>();
    }

    [Fact]
    public async Task Whoever_waits_for_another_writer_of_the_stream_then_conflicts_on_what_that_one_wrote()
    {
        await Store.MustAppendAsync(_tenant, Sample.To("a", 0), Sample.To("b", 0));
        await using var first = await HandHeldAppend.BeginAsync(ledger, _tenant);
        await first.LockAsync("b", expectedVersion: 1);
        var second = Store.AppendAsync(_tenant, Sample.To("a", 1), Sample.To("b", 1));
        await ledger.UntilSomebodyWaitsForALockAsync();

        await first.InsertAsync();
        await first.CommitAsync();

        (await second).ShouldBeOfType<AppendResult.Conflict>().Streams.ShouldBe([new("b", 1, 2)]);
    }

    /// <remarks>An append decided on a version that is about to be written is refused, and by the time the offenders are looked up there are none.</remarks>
    [Fact]
    public async Task An_append_ahead_of_a_stream_that_catches_up_is_made_or_refused_by_name_but_never_fails()
    {
        await Store.MustAppendAsync(_tenant, Sample.To("a", 0));
        using var stop = new CancellationTokenSource();
        var ahead = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var (appended, expected) = (0, 2L);
            while (!stop.IsCancellationRequested)
            {
                if (await Store.AppendAsync(_tenant, Sample.To("a", expected)) is AppendResult.Conflict { Streams: [var conflict] }) expected = conflict.ActualVersion + 1;
                else appended++;
            }
            return appended;
        })));

        await RetryingAsync(Store, appends: 300, "a");
        await stop.CancelAsync();

        (await ahead).Sum().ShouldBeGreaterThan(0, "some did catch the moment");
    }

    [Fact]
    public async Task A_conflict_stays_data_on_a_server_whose_transactions_are_serializable_by_default()
    {
        await using var strict = await LedgerDatabase.CreateAsync();
        await strict.ExecuteAsync($"alter database {strict.Name} set default_transaction_isolation = 'serializable'");
        await using var dataSource = LedgerDataSource.Create(strict.ConnectionString);
        var store = new EventStore(dataSource);

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => RetryingAsync(store, appends: 20, "contended"))));

        results.Sum().ShouldBe(8 * 20);
    }

    // Loads, appends, and retries on conflict: any exception fails the test.
    private async Task<int> RetryingAsync(EventStore store, int appends, string stream)
    {
        var done = 0;
        for (long expected = 0; done < appends;)
        {
            switch (await store.AppendAsync(_tenant, Sample.To(stream, expected)))
            {
                case AppendResult.Appended: done++; expected++; break;
                case AppendResult.Conflict { Streams: [var conflict] }: expected = conflict.ActualVersion; break;
                case var other: throw new InvalidOperationException($"Unexpected: {other}");
            }
        }
        return done;
    }

    private async Task<(long Events, long Streams)> CountAsync() =>
        (await ledger.ScalarAsync<long>("select count(*) from ledger.mt_events where tenant_id = $1", _tenant),
         await ledger.ScalarAsync<long>("select count(*) from ledger.mt_streams where tenant_id = $1", _tenant));
}
