using Ledger.EventStore.Migrations;
using Ledger.Testing.Postgres;
using Npgsql;

namespace Ledger.EventStore.Tests;

/// <summary>A migrated ledger of its own. Tests of one class may share it, each with a tenant of its own; tests of the sealer may not.</summary>
public sealed class LedgerDatabase : IAsyncLifetime
{
    private static readonly DatabaseTemplate Migrated = new(async (connectionString, cancellationToken) =>
    {
        await using var dataSource = LedgerDataSource.Create(connectionString);
        await new Migrator(dataSource, Migration.EventStore).MigrateAsync(cancellationToken);
    });

    private TestDatabase _database = null!;

    public NpgsqlDataSource DataSource { get; private set; } = null!;

    public EventStore Store { get; private set; } = null!;

    public string Name => _database.Name;

    public string ConnectionString => _database.ConnectionString;

    public static async Task<LedgerDatabase> CreateAsync()
    {
        var ledger = new LedgerDatabase();
        await ledger.InitializeAsync();
        return ledger;
    }

    /// <summary>The ledger in a database somebody else has filled, and drops.</summary>
    public static LedgerDatabase Over(TestDatabase database)
    {
        var ledger = new LedgerDatabase();
        ledger.Open(database);
        return ledger;
    }

    public static string NewTenant() => Guid.NewGuid().ToString();

    public async ValueTask InitializeAsync()
    {
        Open(await Migrated.CreateDatabaseAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await _database.DisposeAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var command = DataSource.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private void Open(TestDatabase database)
    {
        _database = database;
        // Writers of a test are many and wait for each other on purpose.
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxPoolSize = 60 };
        DataSource = LedgerDataSource.Create(settings.ConnectionString);
        Store = new EventStore(DataSource);
    }
}
