using Ledger.Testing.Postgres;
using Npgsql;

namespace Ledger.EventStore.Tests.Postgres;

public sealed class TestDatabaseTests
{
    [Fact]
    public async Task Databases_of_one_template_are_migrated_once_and_know_nothing_of_each_other()
    {
        var migrations = 0;
        var template = new DatabaseTemplate(async (connectionString, cancellationToken) =>
        {
            Interlocked.Increment(ref migrations);
            // Pooled on purpose: a connection the migration leaves open must not keep the template from being copied.
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync(cancellationToken);
            await ExecuteAsync(connection, "CREATE TABLE note (text text); INSERT INTO note VALUES ('from the template')");
        });

        var databases = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => template.CreateDatabaseAsync()));
        await ExecuteAsync(databases[0].ConnectionString, "INSERT INTO note VALUES ('only here')");

        migrations.ShouldBe(1);
        (await ScalarAsync(databases[0].ConnectionString, "SELECT count(*) FROM note")).ShouldBe(2L);
        (await ScalarAsync(databases[3].ConnectionString, "SELECT count(*) FROM note")).ShouldBe(1L);
        foreach (var database in databases)
        {
            await database.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_disposed_database_is_gone_even_while_somebody_is_connected()
    {
        var database = await TestDatabase.CreateEmptyAsync();
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);

        await database.DisposeAsync();

        var server = await PostgresServer.GetConnectionStringAsync();
        (await ScalarAsync(server, $"SELECT count(*) FROM pg_database WHERE datname = '{database.Name}'")).ShouldBe(0L);
    }

    [Theory]
    [InlineData("fsync")]
    [InlineData("full_page_writes")]
    [InlineData("synchronous_commit")]
    public async Task The_server_is_as_durable_as_one_in_production(string setting) =>
        (await ScalarAsync(await PostgresServer.GetConnectionStringAsync(), $"SHOW {setting}")).ShouldBe("on");

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await ExecuteAsync(connection, sql);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
