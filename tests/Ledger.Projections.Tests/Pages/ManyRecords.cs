using Ledger.Bench.Ledgers;
using Ledger.Domain;
using Ledger.EventStore;
using Ledger.EventStore.Migrations;
using Ledger.Projections.Items;
using Ledger.Testing.Postgres;
using Npgsql;

namespace Ledger.Projections.Tests.Pages;

/// <summary>
/// A database of its own with a ledger large enough to show what a page costs: a cost that grew with it would be in the thousands. Its one session, and the one
/// of requests, count the blocks they touch; nothing else works there, autovacuum included.
/// </summary>
[CollectionDefinition(nameof(ManyRecords))]
public sealed class ManyRecords : IAsyncLifetime, ICollectionFixture<ManyRecords>
{
    public const string Tenant = "0198c0de-0000-7000-8000-000000000001";
    public const long Count = 200_000;

    /// <summary>Autovacuum reads tables, and makes plans anew by the statistics it takes: neither must happen where blocks are counted.</summary>
    public const string WithoutAutovacuum = "do $$ declare t regclass; begin for t in select oid from pg_class where relnamespace = 'ledger'::regnamespace and relkind = 'r' loop execute format('alter table %s set (autovacuum_enabled = off)', t); end loop; end $$";

    public static readonly SystemId Scarce = new("scarce"), Some = new("some"), Everything = new("everything"), Drained = new("drained");

    public static readonly DatabaseTemplate Migrated = new(async (connectionString, cancellationToken) =>
    {
        await using var dataSource = LedgerDataSource.Create(connectionString);
        await new Migrator(dataSource, [.. Migration.EventStore, .. ReadModels.Migrations]).MigrateAsync(cancellationToken);
    });

    private static readonly DateTimeOffset[] Created = new DateTimeOffset[Count + 1];

    private readonly Dictionary<SystemId, DateTimeOffset?[]> _exports = [];
    private TestDatabase _database = null!;

    public NpgsqlDataSource DataSource { get; private set; } = null!;

    /// <summary>As the service reads, under row-level security.</summary>
    public NpgsqlDataSource Requests { get; private set; } = null!;
    public ExportQueue Queue { get; private set; } = null!;

    /// <summary>As the service reads where row-level security cannot be had.</summary>
    public ExportQueue QueueOfOwner { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await Migrated.CreateDatabaseAsync();
        DataSource = LedgerDataSource.Create(_database.ConnectionString + ";Maximum Pool Size=1;Command Timeout=300");
        (await RowSecurity.PrepareAsync(DataSource)).ShouldBeNull();
        Requests = LedgerDataSource.CreateForRequests(_database.ConnectionString + ";Maximum Pool Size=1;Command Timeout=300");
        (Queue, QueueOfOwner) = (new(Requests), new(DataSource));
        await RunAsync(WithoutAutovacuum);
        await GeneratedLedger.FillAsync(DataSource, Tenant, Count, [(Scarce.Value, 0.002), (Some.Value, 0.01), (Everything.Value, 1), (Drained.Value, 1)]);
        await using var times = DataSource.CreateCommand("select number, created_at from ledger.records");
        await using var reader = await times.ExecuteReaderAsync();
        while (await reader.ReadAsync()) Created[reader.GetInt64(0)] = reader.GetFieldValue<DateTimeOffset>(1);
    }

    public async ValueTask DisposeAsync()
    {
        await Requests.DisposeAsync();
        await DataSource.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>The platform's time of a record, as the ledger was generated.</summary>
    public static DateTimeOffset CreatedAt(long number) => Created[number];

    /// <summary>A session outside the counted one.</summary>
    public async Task<NpgsqlConnection> OpenElsewhereAsync()
    {
        var connection = new NpgsqlConnection(_database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    public async Task RunAsync(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<object?> ScalarAsync(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Exports what is in a system's queue, now, leaving its deleted rows behind. The test may take its time to look for gaps: the blocks say that it was an hour later.</summary>
    public Task ExportAsync(SystemId system, string condition) => RunAsync($"""
        with gone as (delete from ledger.pending where tenant_id = '{Tenant}' and system_id = '{system}' and {condition} returning number, record_id),
        exported as (
          insert into ledger.items (tenant_id, system_id, record_id, number, version, exported_since, last_exported_at, changed_at)
          select '{Tenant}', '{system}', record_id, number, 1, now(), now(), now() from gone returning number)
        insert into ledger.number_blocks (tenant_id, system_id, level, block, newest)
        select distinct '{Tenant}', '{system}', level, number >> 6 * level, ledger.next_minute(now() + interval '1 hour') from exported cross join generate_series(1, 3) level
        on conflict (tenant_id, system_id, level, block) do update set newest = excluded.newest
        """);

    /// <summary>Blocks of the ledger's tables and indexes that the work touched, in memory or not. Which, is told in the test's output.</summary>
    public async Task<(T Answer, long Blocks)> CountAsync<T>(Func<Task<T>> work)
    {
        var before = await BlocksAsync();
        var answer = await work();
        var touched = (await BlocksAsync()).Select(table => (table.Key, Blocks: table.Value - before[table.Key])).Where(table => table.Blocks > 0).ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", touched.Select(table => $"{table.Key} {table.Blocks}")));
        return (answer, touched.Sum(table => table.Blocks));
    }

    /// <summary>The same page by the definition of the question. The records of a generated ledger are all ready, so the items say everything.</summary>
    public async Task<List<long>> NumbersAsync(QueueQuestion question)
    {
        if (!_exports.TryGetValue(question.System, out var exports))
        {
            exports = new DateTimeOffset?[Count + 1];
            await using var command = DataSource.CreateCommand("select number, exported_since from ledger.items where tenant_id = $1 and system_id = $2");
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = question.TenantId });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = question.System.Value });
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) exports[reader.GetInt64(0)] = reader.GetFieldValue<DateTimeOffset>(1);
            _exports.Add(question.System, exports);
        }
        var numbers = new List<long>();
        for (var number = question.After + 1; number <= Count && numbers.Count < question.Limit; number++)
            if (exports[number] is not { } at || at > question.Since) numbers.Add(number);
        return numbers;
    }

    private async Task<Dictionary<string, long>> BlocksAsync()
    {
        // What a session counted becomes visible at the end of this statement.
        await using (var flush = Requests.CreateCommand("select pg_stat_force_next_flush()")) await flush.ExecuteNonQueryAsync();
        await RunAsync("select pg_stat_force_next_flush()");
        await using var command = DataSource.CreateCommand("""
            select relname, coalesce(heap_blks_read, 0) + coalesce(heap_blks_hit, 0) + coalesce(idx_blks_read, 0) + coalesce(idx_blks_hit, 0) + coalesce(toast_blks_read, 0) + coalesce(toast_blks_hit, 0)
              from pg_statio_all_tables where schemaname = 'ledger'
            """);
        await using var reader = await command.ExecuteReaderAsync();
        var tables = new Dictionary<string, long>();
        while (await reader.ReadAsync()) tables.Add(reader.GetString(0), reader.GetInt64(1));
        return tables;
    }
}
