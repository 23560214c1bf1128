using System.Diagnostics;
using Ledger.Bench.Load;
using Npgsql;

namespace Ledger.Bench.Bare;

/// <summary>
/// The yardstick of an import: the rows the service wrote for a tenant, taken out in COPY's own binary form and put into the same tables of
/// another database, one COPY per table in one transaction. It parses nothing, checks nothing and decides nothing.
/// </summary>
internal sealed class BareCopy
{
    private static readonly string[] Tables = ["mt_streams", "mt_events", "records", "pending"];

    private readonly string _folder = Directory.CreateTempSubdirectory("ledger-bench-copy-").FullName;

    /// <summary>The same columns in schema <c>bare</c>, and nothing that has to be kept up to date: no index, no constraint, no trigger.</summary>
    public static Task CreateBareTablesAsync(BenchDatabase database) =>
        database.ExecuteAsync($"create schema bare; {string.Concat(Tables.Select(table => $"create table bare.{table} as select * from ledger.{table} with no data;"))}");

    public async Task TakeAsync(BenchDatabase database, string tenantId)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync(connection, "set local statement_timeout = 0");
        foreach (var table in Tables)
        {
            await using var rows = await connection.BeginRawBinaryCopyAsync($"copy (select * from ledger.{table} where tenant_id = '{tenantId}') to stdout (format binary)");
            await using var file = File.Create(Path.Combine(_folder, table));
            await rows.CopyToAsync(file);
        }
    }

    public async Task<LoopResult> PutAsync(BenchDatabase database, string schema, int records)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync();
        if (schema == "bare") foreach (var table in Tables) await ExecuteAsync(connection, $"truncate bare.{table}");
        var started = Stopwatch.GetTimestamp();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await ExecuteAsync(connection, "set local statement_timeout = 0");
            foreach (var table in Tables)
            {
                await using var file = File.OpenRead(Path.Combine(_folder, table));
                await using var rows = await connection.BeginRawBinaryCopyAsync($"copy {schema}.{table} from stdin (format binary)");
                await file.CopyToAsync(rows);
            }
            await transaction.CommitAsync();
        }
        var latencies = new Latencies();
        latencies.Add(Stopwatch.GetElapsedTime(started));
        return new(records, Stopwatch.GetElapsedTime(started), latencies);
    }

    public void Delete() => Directory.Delete(_folder, recursive: true);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
