namespace Ledger.Testing.Postgres;

/// <summary>
/// A database migrated once per test process and copied for each test class that asks: a copy costs some 50 ms, whatever the
/// migrations cost. Keep one in a static field: <c>static readonly DatabaseTemplate Ledger = new(Migrator.MigrateAsync);</c>
/// </summary>
/// <param name="migrate">Receives the connection string of an empty database and brings its schema up.</param>
public sealed class DatabaseTemplate(Func<string, CancellationToken, Task> migrate)
{
    private readonly Lock gate = new();
    private Task<string>? migrated;

    /// <summary>A new database with the migrated schema and nothing else in it.</summary>
    public async Task<TestDatabase> CreateDatabaseAsync()
    {
        Task<string> template;
        lock (gate)
        {
            template = migrated ??= MigrateAsync();
        }

        return await TestDatabase.CreateAsync(template: await template);
    }

    private async Task<string> MigrateAsync()
    {
        var name = TestDatabase.NewName("template");
        await PostgresServer.ExecuteAsync($"CREATE DATABASE {name}");
        await migrate(await PostgresServer.GetConnectionStringAsync(name), CancellationToken.None);
        // CREATE DATABASE refuses a template somebody is connected to, and migrations may leave pooled connections behind.
        await PostgresServer.ExecuteAsync($"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false");
        await PostgresServer.ExecuteAsync($"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{name}'");
        PostgresServer.DropAtExit(name);
        return name;
    }
}
