using Npgsql;

namespace Ledger.EventStore.Migrations;

/// <summary>The database was made by other scripts than this program knows: it is never touched then.</summary>
public sealed class SchemaMismatchException(string message) : Exception(message);

/// <summary>
/// Creates and upgrades schema <c>ledger</c>. Several processes may start at once: an advisory lock lets one work, the
/// others wait and find nothing left to do. Each script runs in a transaction of its own together with its record.
/// </summary>
public sealed class Migrator(NpgsqlDataSource dataSource, IReadOnlyList<Migration> migrations)
{
    private const long LockKey = 0x6C65_6467_6572_0001;

    /// <returns>The scripts applied by this call, in order.</returns>
    /// <exception cref="SchemaMismatchException">An applied script differs from ours, or is unknown to us.</exception>
    public async Task<IReadOnlyList<Migration>> MigrateAsync(CancellationToken cancellationToken = default)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        // A migration may outlast the guard rails of ordinary work, and so may waiting for another process's migration.
        try
        {
            await ExecuteAsync(connection, "set statement_timeout = 0; set lock_timeout = 0", cancellationToken);
            await ExecuteAsync(connection, $"select pg_advisory_lock({LockKey})", cancellationToken);
            await ExecuteAsync(connection, """
                create schema if not exists ledger;
                create table if not exists ledger.schema_migrations (
                    module varchar not null, number int not null, name varchar not null, checksum varchar not null,
                    applied_at timestamptz not null default now(), primary key (module, number));
                """, cancellationToken);
            var applied = await AppliedAsync(connection, cancellationToken);
            var pending = Pending(applied);
            foreach (var migration in pending)
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await ExecuteAsync(connection, migration.Sql, cancellationToken);
                await using var record = new NpgsqlCommand("insert into ledger.schema_migrations (module, number, name, checksum) values ($1, $2, $3, $4)", connection, transaction)
                {
                    Parameters = { new() { Value = migration.Module }, new() { Value = migration.Number }, new() { Value = migration.Name }, new() { Value = migration.Checksum } },
                };
                await record.ExecuteNonQueryAsync(cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }
            return pending;
        }
        finally
        {
            // The pool keeps the session. One that has ended took its lock and settings along, and must not hide why it did.
            if (connection.State == System.Data.ConnectionState.Open)
                await ExecuteAsync(connection, $"select pg_advisory_unlock({LockKey}); reset statement_timeout; reset lock_timeout", CancellationToken.None);
        }
    }

    /// <returns>True when every script of this program is applied and the database knows no other.</returns>
    public async Task<bool> IsCurrentAsync(CancellationToken cancellationToken = default)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            return Pending(await AppliedAsync(connection, cancellationToken)).Count == 0;
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return false;
        }
    }

    private List<Migration> Pending(Dictionary<(string Module, int Number), string> applied)
    {
        foreach (var (key, checksum) in applied)
        {
            var ours = migrations.FirstOrDefault(migration => (migration.Module, migration.Number) == key)
                ?? throw new SchemaMismatchException($"The database has migration {key.Module}/{key.Number:0000}, which this version does not know. Start a newer version.");
            if (ours.Checksum != checksum)
                throw new SchemaMismatchException($"Migration {ours.Module}/{ours.Number:0000}-{ours.Name} was applied with other content than this version carries.");
        }
        return [.. migrations.Where(migration => !applied.ContainsKey((migration.Module, migration.Number)))];
    }

    private static async Task<Dictionary<(string, int), string>> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select module, number, checksum from ledger.schema_migrations", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var applied = new Dictionary<(string, int), string>();
        while (await reader.ReadAsync(cancellationToken)) applied.Add((reader.GetString(0), reader.GetInt32(1)), reader.GetString(2));
        return applied;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        // An index over a large ledger takes as long as it takes.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
