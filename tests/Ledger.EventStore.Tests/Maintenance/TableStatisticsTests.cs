using Ledger.EventStore.Maintenance;

namespace Ledger.EventStore.Tests.Maintenance;

public sealed class TableStatisticsTests : IAsyncLifetime
{
    private readonly string _tenant = LedgerDatabase.NewTenant();
    private LedgerDatabase _ledger = null!;
    private TableStatistics _statistics = null!;

    public async ValueTask InitializeAsync()
    {
        _ledger = await LedgerDatabase.CreateAsync();
        // Autovacuum would do the same a minute later, or just now.
        foreach (var table in new[] { "mt_streams", "mt_events" }) await _ledger.ExecuteAsync($"alter table ledger.{table} set (autovacuum_enabled = false)");
        _statistics = new TableStatistics(_ledger.DataSource);
    }

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Fact]
    public async Task Tables_that_have_doubled_are_analysed_and_not_again_before_they_double_again()
    {
        await AppendAsync(first: 0, count: 600);
        (await RefreshAsync()).ShouldBe(["mt_events", "mt_streams"]);
        (await RefreshAsync()).ShouldBeEmpty();

        await AppendAsync(first: 600, count: 400);
        (await RefreshAsync()).ShouldBeEmpty();

        await AppendAsync(first: 1_000, count: 300);
        (await RefreshAsync()).ShouldBe(["mt_events", "mt_streams"]);
        (await RowsKnownAsync("mt_events")).ShouldBe(1_300);
    }

    [Fact]
    public async Task Small_tables_are_left_alone_however_often_their_rows_change()
    {
        await AppendAsync(first: 0, count: 100);
        for (var version = 1; version < 4; version++) await AppendAsync(first: 0, count: 100, version);
        await using (var session = LedgerDataSource.Create(_ledger.ConnectionString))
        {
            await using var change = session.CreateCommand(string.Concat(Enumerable.Repeat("update ledger.mt_streams set is_archived = false; ", 10)));
            await change.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        await Waiting.UntilAsync("the changes are counted", async () => await _ledger.ScalarAsync<long>("select n_tup_upd from pg_stat_user_tables where relid = 'ledger.mt_streams'::regclass") >= 1_000);

        (await RefreshAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_table_somebody_holds_is_not_waited_for()
    {
        await AppendAsync(first: 0, count: 600);
        await using var holder = await _ledger.DataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var holding = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await new Npgsql.NpgsqlCommand("lock table ledger.mt_streams in share update exclusive mode", holder, holding).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        await RefreshAsync();

        (await RowsKnownAsync("mt_events")).ShouldBe(600);
        (await RowsKnownAsync("mt_streams")).ShouldBe(-1);
    }

    // In sessions of their own: they hand in their figures when they end, while idle ones may keep them for ten seconds.
    private async Task AppendAsync(int first, int count, long expectedVersion = 0)
    {
        await using (var writers = LedgerDataSource.Create(_ledger.ConnectionString))
            await new EventStore(writers).MustAppendAsync(_tenant, [.. Enumerable.Range(first, count).Select(number => Sample.To($"item/{number}", expectedVersion))]);
        var appended = await _ledger.ScalarAsync<long>("select count(*) from ledger.mt_events");
        await Waiting.UntilAsync("all appends are counted", async () =>
            await _ledger.ScalarAsync<long>("select n_tup_ins from pg_stat_user_tables where relid = 'ledger.mt_events'::regclass") == appended);
    }

    private Task<IReadOnlyList<string>> RefreshAsync() => _statistics.RefreshAsync(TestContext.Current.CancellationToken);

    private Task<float> RowsKnownAsync(string table) => _ledger.ScalarAsync<float>($"select reltuples from pg_class where oid = 'ledger.{table}'::regclass");
}
