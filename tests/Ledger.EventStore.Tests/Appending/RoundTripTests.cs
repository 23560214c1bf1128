using Npgsql;

namespace Ledger.EventStore.Tests.Appending;

public sealed class RoundTripTests(LedgerDatabase ledger) : IClassFixture<LedgerDatabase>
{
    private readonly string _tenant = LedgerDatabase.NewTenant();

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public async Task An_append_is_one_round_trip_and_one_statement_however_many_streams_it_touches(int streams)
    {
        using var tap = new WireTap(ledger.ConnectionString);
        await using var dataSource = LedgerDataSource.Create(tap.ConnectionString);
        var store = new EventStore(dataSource);
        for (var expected = 0; expected < 3; expected++)   // opens the connection, and the statement gets its prepared plan
            await store.MustAppendAsync(_tenant, Streams(expected));
        var (roundTrips, statements) = (tap.RoundTrips, tap.Statements);

        await store.MustAppendAsync(_tenant, Streams(3));

        (tap.RoundTrips - roundTrips, tap.Statements - statements).ShouldBe((1, 1));

        StreamAppend[] Streams(int expected) => [.. Enumerable.Range(0, streams).Select(number => Sample.To($"{streams}/{number}", expected))];
    }

    [Fact]
    public async Task Inline_writes_ride_along()
    {
        using var tap = new WireTap(ledger.ConnectionString);
        await using var dataSource = LedgerDataSource.Create(tap.ConnectionString);
        var store = new EventStore(dataSource);
        await store.MustAppendAsync(_tenant, Sample.To("a", 0));
        var (roundTrips, statements) = (tap.RoundTrips, tap.Statements);

        await store.AppendAsync(_tenant, Sample.Metadata, [Sample.To("a", 1)], batch =>
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("select ledger.recorded_at()"));
            batch.BatchCommands.Add(new NpgsqlBatchCommand("select 1"));
        }, cancellationToken: TestContext.Current.CancellationToken);

        (tap.RoundTrips - roundTrips, tap.Statements - statements).ShouldBe((1, 3));
    }

    [Fact]
    public async Task A_conflict_takes_one_more_to_name_the_streams()
    {
        using var tap = new WireTap(ledger.ConnectionString);
        await using var dataSource = LedgerDataSource.Create(tap.ConnectionString);
        var store = new EventStore(dataSource);
        await store.MustAppendAsync(_tenant, Sample.To("b", 0));
        var roundTrips = tap.RoundTrips;

        await store.MustConflictAsync(_tenant, Sample.To("b", 0), Sample.To("c", 0));

        (tap.RoundTrips - roundTrips).ShouldBe(2);
    }
}
