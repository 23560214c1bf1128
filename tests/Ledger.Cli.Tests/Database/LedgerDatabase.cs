using Ledger.Clients;
using Ledger.EventStore;
using Ledger.EventStore.Migrations;
using Ledger.Projections;
using Ledger.Testing.Postgres;

namespace Ledger.Cli.Tests.Database;

/// <summary>Databases with the whole schema, for commands that work on the database itself.</summary>
internal static class LedgerDatabase
{
    private static readonly DatabaseTemplate Template = new(async (connectionString, cancellationToken) =>
    {
        await using var dataSource = LedgerDataSource.Create(connectionString);
        await new Migrator(dataSource, [.. Migration.EventStore, .. ReadModels.Migrations, .. ClientsSchema.Migrations]).MigrateAsync(cancellationToken);
    });

    public static Task<TestDatabase> CreateAsync() => Template.CreateDatabaseAsync();
}
