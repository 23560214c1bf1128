using Ledger.EventStore;
using Ledger.EventStore.Migrations;
using Ledger.Testing.Postgres;
using Npgsql;

namespace Ledger.Clients.Tests;

/// <summary>A migrated database of its own for each test class.</summary>
public sealed class ClientsDatabase : IAsyncLifetime
{
    private static readonly DatabaseTemplate Template = new(async (connectionString, cancellationToken) =>
    {
        await using var dataSource = LedgerDataSource.Create(connectionString);
        await new Migrator(dataSource, [.. Migration.EventStore, .. ClientsSchema.Migrations]).MigrateAsync(cancellationToken);
    });

    private TestDatabase? _database;

    public NpgsqlDataSource DataSource { get; private set; } = null!;
    public ClientRegistry Registry => new(DataSource);
    public CredentialLookup Lookup => new(DataSource);
    public AccessTokens Tokens => new(DataSource);

    public async ValueTask InitializeAsync()
    {
        _database = await Template.CreateDatabaseAsync();
        DataSource = LedgerDataSource.Create(_database.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await _database!.DisposeAsync();
    }

    /// <summary>A client in a new tenant.</summary>
    public async Task<IssuedCredentials> CreateClientAsync(LedgerScopes scopes = LedgerScopes.All)
    {
        var tenant = await Registry.CreateTenantAsync("Acme");
        return (await Registry.CreateClientAsync(tenant.TenantId, "connector", "erp", scopes)).ShouldNotBeNull();
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
