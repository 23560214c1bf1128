using Npgsql;

namespace Ledger.EventStore.Tests.Appending;

/// <summary>Read-model rows that commit with the events they come from.</summary>
public sealed class InlineWritesTests : IAsyncLifetime
{
    private readonly string _tenant = LedgerDatabase.NewTenant();
    private LedgerDatabase _ledger = null!;

    public async ValueTask InitializeAsync()
    {
        _ledger = await LedgerDatabase.CreateAsync();
        await _ledger.ExecuteAsync("create table ledger.summary (id varchar primary key, at timestamptz, since timestamptz, until timestamptz)");
    }

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Fact]
    public async Task See_the_time_the_events_of_the_same_append_got()
    {
        var recordedAt = Recorded(await AppendAsync("a", 0, "insert into ledger.summary values ('a', ledger.recorded_at(), ledger.at_commit('infinity'), ledger.at_commit('2026-03-01 12:00:00+00'))"));

        var stored = (await _ledger.Store.ReadStreamAsync(_tenant, "a", cancellationToken: TestContext.Current.CancellationToken)).ShouldHaveSingleItem();
        stored.RecordedAt.ShouldBe(recordedAt);
        (await _ledger.ScalarAsync<DateTime>("select at from ledger.summary")).ShouldBe(recordedAt.UtcDateTime);
        (await _ledger.ScalarAsync<DateTime>("select since from ledger.summary")).ShouldBe(recordedAt.UtcDateTime);
        (await _ledger.ScalarAsync<DateTime>("select until from ledger.summary")).ShouldBe(new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc));
    }

    [Fact]
    public async Task Use_a_new_time_in_the_next_append_on_the_same_connection()
    {
        const string upsert = "insert into ledger.summary (id, at) values ('a', ledger.recorded_at()) on conflict (id) do update set at = excluded.at";
        for (var expected = 0; expected < 10; expected++)   // long enough for the statement to be prepared and its plan kept
        {
            var recordedAt = Recorded(await AppendAsync("a", expected, upsert));
            (await _ledger.ScalarAsync<DateTime>("select at from ledger.summary")).ShouldBe(recordedAt.UtcDateTime);
        }
    }

    [Fact]
    public async Task That_fail_take_the_events_with_them()
    {
        var failure = await Should.ThrowAsync<PostgresException>(() => AppendAsync("a", 0, "insert into ledger.summary (id) values ('a')", "select 1 / 0"));

        failure.SqlState.ShouldBe(PostgresErrorCodes.DivisionByZero);
        (await _ledger.ScalarAsync<long>("select (select count(*) from ledger.mt_events) + (select count(*) from ledger.mt_streams) + (select count(*) from ledger.summary)")).ShouldBe(0);
    }

    [Fact]
    public async Task That_break_a_key_of_their_own_are_an_error_and_not_a_version_conflict()
    {
        await _ledger.ExecuteAsync("insert into ledger.summary (id) values ('taken')");

        var failure = await Should.ThrowAsync<PostgresException>(() => AppendAsync("a", 0, "insert into ledger.summary (id) values ('taken')"));

        failure.ConstraintName.ShouldBe("summary_pkey");
        (await _ledger.ScalarAsync<long>("select count(*) from ledger.mt_events")).ShouldBe(0);
    }

    [Fact]
    public async Task Are_not_made_when_a_stream_has_moved_on()
    {
        await AppendAsync("a", 0, "select 1");

        (await AppendAsync("a", 0, "insert into ledger.summary (id) values ('a')")).ShouldBeOfType<AppendResult.Conflict>();

        (await _ledger.ScalarAsync<long>("select count(*) from ledger.summary")).ShouldBe(0);
    }

    [Fact]
    public async Task Are_gone_with_the_events_when_the_connection_breaks_before_the_commit()
    {
        await using var blocker = await _ledger.DataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var holding = await blocker.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await new NpgsqlCommand("lock table ledger.summary", blocker, holding).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var append = AppendAsync("a", 0, "insert into ledger.summary (id) values ('a')");
        await _ledger.UntilSomebodyWaitsForALockAsync();

        await _ledger.ExecuteAsync("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");

        await Should.ThrowAsync<NpgsqlException>(append);
        await holding.RollbackAsync(TestContext.Current.CancellationToken);
        (await _ledger.ScalarAsync<long>("select (select count(*) from ledger.mt_events) + (select count(*) from ledger.mt_streams) + (select count(*) from ledger.summary)")).ShouldBe(0);
    }

    private Task<AppendResult> AppendAsync(string stream, long expectedVersion, params string[] inline) =>
        _ledger.Store.AppendAsync(_tenant, Sample.Metadata, [Sample.To(stream, expectedVersion)], batch =>
        {
            foreach (var sql in inline) batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
        }, cancellationToken: TestContext.Current.CancellationToken);

    private static DateTimeOffset Recorded(AppendResult result) => result.ShouldBeOfType<AppendResult.Appended>().RecordedAt;
}
