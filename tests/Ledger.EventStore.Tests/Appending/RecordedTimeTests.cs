namespace Ledger.EventStore.Tests.Appending;

public sealed class RecordedTimeTests(LedgerDatabase ledger) : IClassFixture<LedgerDatabase>
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string _tenant = LedgerDatabase.NewTenant();

    [Fact]
    public async Task The_time_is_the_databases_and_one_for_all_events_of_an_append()
    {
        var before = await ledger.ScalarAsync<DateTime>("select clock_timestamp()");
        var recordedAt = await ledger.Store.MustAppendAsync(_tenant, Sample.To("a", 0, count: 3), Sample.To("b", 0));
        var after = await ledger.ScalarAsync<DateTime>("select clock_timestamp()");

        recordedAt.UtcDateTime.ShouldBeInRange(before, after);
        (await TimesAsync(ledger.Store, "a", "b")).ShouldBe([recordedAt, recordedAt, recordedAt, recordedAt]);
        (await StreamTimesAsync("a")).ShouldBe((recordedAt.UtcDateTime, recordedAt.UtcDateTime));
    }

    [Fact]
    public async Task The_time_is_taken_after_waiting_for_the_stream_so_it_is_never_older_than_the_version_before()
    {
        await ledger.Store.MustAppendAsync(_tenant, Sample.To("a", 0));
        await using var holder = await HandHeldAppend.BeginAsync(ledger, _tenant);
        await holder.LockAsync("a", expectedVersion: 1);
        var waiting = ledger.Store.AppendAsync(_tenant, Sample.To("a", 1));
        await ledger.UntilSomebodyWaitsForALockAsync();
        var released = await ledger.ScalarAsync<DateTime>("select clock_timestamp()");
        await holder.RollBackAsync();

        (await waiting).ShouldBeOfType<AppendResult.Appended>().RecordedAt.UtcDateTime.ShouldBeGreaterThanOrEqualTo(released);
    }

    [Fact]
    public async Task A_clock_that_goes_back_does_not_take_a_stream_with_it()
    {
        var clock = new ManualClock(Noon);
        var store = new EventStore(ledger.DataSource, clock);
        await store.MustAppendAsync(_tenant, Sample.To("a", 0));
        clock.Now = Noon.AddHours(-1);
        await store.MustAppendAsync(_tenant, Sample.To("a", 1));
        clock.Now = Noon.AddMinutes(1);
        await store.MustAppendAsync(_tenant, Sample.To("a", 2));

        (await TimesAsync(store, "a")).ShouldBe([Noon, Noon, Noon.AddMinutes(1)]);
    }

    [Fact]
    public async Task A_stream_created_beside_one_from_the_future_does_not_go_back_either()
    {
        var clock = new ManualClock(Noon);
        var store = new EventStore(ledger.DataSource, clock);
        await store.MustAppendAsync(_tenant, Sample.To("old", 0));
        clock.Now = Noon.AddHours(-1);

        await store.MustAppendAsync(_tenant, Sample.To("old", 1), Sample.To("new", 0));
        await store.MustAppendAsync(_tenant, Sample.To("new", 1));

        (await TimesAsync(store, "new")).ShouldBe([Noon, Noon]);
        (await StreamTimesAsync("new")).ShouldBe((Noon.UtcDateTime, Noon.UtcDateTime));
    }

    [Fact]
    public async Task A_held_stream_lends_its_time_too()
    {
        var clock = new ManualClock(Noon);
        var store = new EventStore(ledger.DataSource, clock);
        await store.MustAppendAsync(_tenant, Sample.To("record", 0));
        clock.Now = Noon.AddHours(-1);

        // What was decided on a record's state is not recorded before that state was.
        (await store.MustAppendAsync(_tenant, Sample.To("record", 1, count: 0), Sample.To("item", 0))).ShouldBe(Noon);
    }

    [Fact]
    public async Task A_time_taken_beforehand_is_used_unless_a_stream_has_gone_past_it()
    {
        var taken = await ledger.Store.NowAsync(TestContext.Current.CancellationToken);
        (await AppendAsync("a", 0)).ShouldBe(taken);

        var later = await ledger.Store.MustAppendAsync(_tenant, Sample.To("b", 0));
        (await AppendAsync("b", 1)).ShouldBe(later);

        async Task<DateTimeOffset> AppendAsync(string stream, long expectedVersion) =>
            (await ledger.Store.AppendAsync(_tenant, Sample.Metadata, [Sample.To(stream, expectedVersion)], recordedAt: taken, cancellationToken: TestContext.Current.CancellationToken))
                .ShouldBeOfType<AppendResult.Appended>().RecordedAt;
    }

    private async Task<List<DateTimeOffset>> TimesAsync(EventStore store, params string[] streams) =>
        [.. (await store.ReadStreamsAsync(_tenant, streams, cancellationToken: TestContext.Current.CancellationToken)).Select(recorded => recorded.RecordedAt)];

    private async Task<(DateTime Created, DateTime LastAppend)> StreamTimesAsync(string stream) =>
        (await ledger.ScalarAsync<DateTime>("select created from ledger.mt_streams where tenant_id = $1 and id = $2", _tenant, stream),
         await ledger.ScalarAsync<DateTime>("""select "timestamp" from ledger.mt_streams where tenant_id = $1 and id = $2""", _tenant, stream));
}
