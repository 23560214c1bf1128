namespace Ledger.EventStore.Tests.Appending;

public sealed class AppendingToManyStreamsTests(LedgerDatabase ledger) : IClassFixture<LedgerDatabase>
{
    private readonly string _tenant = LedgerDatabase.NewTenant();

    private EventStore Store => ledger.Store;

    [Fact]
    public async Task One_call_writes_new_and_existing_streams_and_every_stream_counts_its_own_versions()
    {
        await Store.MustAppendAsync(_tenant, Sample.To("b", 0, count: 2));

        await Store.MustAppendAsync(_tenant, Sample.To("c", 0, count: 3), Sample.To("b", 2), Sample.To("a", 0));

        (await VersionsAsync("a")).ShouldBe([1]);
        (await VersionsAsync("b")).ShouldBe([1, 2, 3]);
        (await VersionsAsync("c")).ShouldBe([1, 2, 3]);
        (await StreamVersionAsync("b")).ShouldBe(3);
    }

    [Fact]
    public async Task As_many_streams_as_one_append_may_touch_are_written_at_once()
    {
        await Store.MustAppendAsync(_tenant, [.. Enumerable.Range(0, EventStore.MaxStreamsPerAppend).Select(number => Sample.To($"item/{number}", 0))]);

        (await ledger.ScalarAsync<long>("select count(*) from ledger.mt_events where tenant_id = $1", _tenant)).ShouldBe(EventStore.MaxStreamsPerAppend);
    }

    [Fact]
    public async Task One_stream_more_is_refused_before_anything_is_sent() =>
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() =>
            Store.AppendAsync(_tenant, [.. Enumerable.Range(0, EventStore.MaxStreamsPerAppend + 1).Select(number => Sample.To($"item/{number}", 0))]));

    [Fact]
    public async Task A_stream_of_the_same_name_in_another_tenant_is_another_stream()
    {
        var other = LedgerDatabase.NewTenant();
        await Store.MustAppendAsync(_tenant, Sample.To("a", 0, count: 4));

        await Store.MustAppendAsync(other, Sample.To("a", 0));

        (await Store.ReadStreamAsync(other, "a", cancellationToken: TestContext.Current.CancellationToken)).ShouldHaveSingleItem().Version.ShouldBe(1);
        (await VersionsAsync("a")).Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_held_stream_keeps_its_version_and_lets_the_others_grow()
    {
        await Store.MustAppendAsync(_tenant, Sample.To("record", 0, count: 2));

        await Store.MustAppendAsync(_tenant, Sample.To("record", 2, count: 0), Sample.To("item", 0));

        (await StreamVersionAsync("record")).ShouldBe(2);
        (await StreamVersionAsync("item")).ShouldBe(1);
    }

    [Fact]
    public async Task A_durable_append_is_announced_and_a_refused_one_is_not()
    {
        var store = new EventStore(ledger.DataSource);
        var announced = 0;
        store.Appended += () => announced++;

        await store.MustAppendAsync(_tenant, Sample.To("a", 0));
        await store.MustConflictAsync(_tenant, Sample.To("a", 0));

        announced.ShouldBe(1);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(1, 0)]
    public async Task A_stream_named_twice_in_one_append_is_the_callers_mistake_whatever_its_version(long expectedVersion, int secondCount)
    {
        if (expectedVersion > 0) await Store.MustAppendAsync(_tenant, Sample.To("a", 0, count: (int)expectedVersion));

        await Should.ThrowAsync<ArgumentException>(() => Store.AppendAsync(_tenant, Sample.To("a", expectedVersion), Sample.To("b", 0), Sample.To("a", expectedVersion, secondCount)));

        (await StreamVersionAsync("a")).ShouldBe(expectedVersion);
        (await StreamVersionAsync("b")).ShouldBe(0);
    }

    [Fact]
    public async Task Nothing_to_append_is_the_callers_mistake()
    {
        await Store.MustAppendAsync(_tenant, Sample.To("a", 0));

        await Should.ThrowAsync<ArgumentException>(() => Store.AppendAsync(_tenant));
        await Should.ThrowAsync<ArgumentException>(() => Store.AppendAsync(_tenant, Sample.To("a", 1, count: 0)));
        await Should.ThrowAsync<ArgumentException>(() => Store.AppendAsync(_tenant, Sample.To("a", 1), Sample.To("b", 0, count: 0)));
        await Should.ThrowAsync<ArgumentException>(() => Store.AppendAsync(_tenant, Sample.To("a", -1)));
    }

    private async Task<List<long>> VersionsAsync(string stream) =>
        [.. (await Store.ReadStreamAsync(_tenant, stream, cancellationToken: TestContext.Current.CancellationToken)).Select(recorded => recorded.Version)];

    private Task<long> StreamVersionAsync(string stream) =>
        ledger.ScalarAsync<long>("select coalesce((select version from ledger.mt_streams where tenant_id = $1 and id = $2), 0)", _tenant, stream);
}
