using Ledger.EventStore.Migrations;
using Ledger.Testing.Postgres;
using Npgsql;

namespace Ledger.EventStore.Tests.Migrations;

public sealed class MigratorTests : IAsyncLifetime
{
    private static readonly Migration First = new("sample", 1, "first", "create table ledger.sample (id int primary key); insert into ledger.sample values (1);");
    private static readonly Migration Second = new("sample", 2, "second", "insert into ledger.sample values (2);");

    private TestDatabase _database = null!;
    private NpgsqlDataSource _dataSource = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateEmptyAsync();
        _dataSource = LedgerDataSource.Create(_database.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _dataSource.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Every_script_is_applied_once_in_order()
    {
        (await CurrentAsync(Migration.EventStore)).ShouldBeFalse();

        (await MigrateAsync(Migration.EventStore)).ShouldBe(Migration.EventStore);
        (await MigrateAsync(Migration.EventStore)).ShouldBeEmpty();

        Migration.EventStore.Select(migration => migration.Number).ShouldBe(Enumerable.Range(1, Migration.EventStore.Count));
        (await CurrentAsync(Migration.EventStore)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_later_version_applies_only_what_is_new_to_the_database()
    {
        await MigrateAsync(First);

        (await CurrentAsync(First, Second)).ShouldBeFalse();
        (await MigrateAsync(First, Second)).ShouldBe([Second]);
        (await SampleAsync()).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Processes_that_start_together_do_it_once_between_them()
    {
        var slow = First with { Sql = First.Sql + " select pg_sleep(0.3);" };
        await using var other = LedgerDataSource.Create(_database.ConnectionString);

        var applied = await Task.WhenAll(Enumerable.Range(0, 6).Select(number =>
            Task.Run(() => new Migrator(number % 2 == 0 ? _dataSource : other, [slow, Second]).MigrateAsync(TestContext.Current.CancellationToken))));

        applied.Select(scripts => scripts.Count).Order().ShouldBe([0, 0, 0, 0, 0, 2]);
        (await SampleAsync()).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task An_edited_script_is_refused_and_nothing_is_applied()
    {
        await MigrateAsync(First);
        var edited = First with { Sql = First.Sql + " -- harmless?" };

        (await Should.ThrowAsync<SchemaMismatchException>(() => MigrateAsync(edited, Second))).Message.ShouldContain("sample/0001-first");

        await Should.ThrowAsync<SchemaMismatchException>(() => CurrentAsync(edited, Second));
        (await SampleAsync()).ShouldBe([1]);
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_and_nothing_is_applied()
    {
        await MigrateAsync(First, Second);

        (await Should.ThrowAsync<SchemaMismatchException>(() => MigrateAsync(First, new Migration("sample", 3, "third", "insert into ledger.sample values (3);")))).Message.ShouldContain("sample/0002");

        (await SampleAsync()).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task A_script_that_fails_leaves_nothing_of_itself_and_everything_before_it()
    {
        var failing = Second with { Sql = "insert into ledger.sample values (2); select 1 / 0;" };

        await Should.ThrowAsync<PostgresException>(() => MigrateAsync(First, failing));

        (await SampleAsync()).ShouldBe([1]);
        (await MigrateAsync(First, Second)).ShouldBe([Second], "corrected, it is applied");
    }

    [Fact]
    public async Task A_session_that_ends_while_a_script_runs_is_reported_as_just_that()
    {
        var suicidal = First with { Sql = "select pg_terminate_backend(pg_backend_pid());" };

        await Should.ThrowAsync<NpgsqlException>(() => MigrateAsync(suicidal));

        (await MigrateAsync(First)).ShouldBe([First]);
    }

    [Fact]
    public async Task Neither_the_lock_nor_the_lifted_guard_rails_stay_with_the_session()
    {
        await using var single = LedgerDataSource.Create(_database.ConnectionString + ";Maximum Pool Size=1");
        await new Migrator(single, [First]).MigrateAsync(TestContext.Current.CancellationToken);

        await using var command = single.CreateCommand("""
            select concat_ws(' ', current_setting('statement_timeout'), current_setting('lock_timeout'), (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()))
            """);
        (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe("30s 10s 0");
    }

    private Task<IReadOnlyList<Migration>> MigrateAsync(params IReadOnlyList<Migration> migrations) => new Migrator(_dataSource, migrations).MigrateAsync(TestContext.Current.CancellationToken);

    private Task<bool> CurrentAsync(params IReadOnlyList<Migration> migrations) => new Migrator(_dataSource, migrations).IsCurrentAsync(TestContext.Current.CancellationToken);

    private async Task<int[]> SampleAsync()
    {
        await using var command = _dataSource.CreateCommand("select array_agg(id order by id) from ledger.sample");
        return (int[])(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
