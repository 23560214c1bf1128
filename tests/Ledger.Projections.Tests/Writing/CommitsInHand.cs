using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Domain.Records;
using Ledger.EventStore;
using Ledger.EventStore.Migrations;
using Ledger.Projections.Items;
using Ledger.Projections.Writing;
using Ledger.Testing.Postgres;
using Npgsql;

namespace Ledger.Projections.Tests.Writing;

/// <summary>
/// Group commit with its hands tied: the test holds the rows of as many items as groups may be under way, reports on them, and so
/// decides when the groups end. All else that is written meanwhile has to wait: what shares a transaction does not depend on timing.
/// </summary>
internal sealed class CommitsInHand : IAsyncDisposable
{
    private static readonly DatabaseTemplate Migrated = new(async (connectionString, cancellationToken) =>
    {
        await using var dataSource = LedgerDataSource.Create(connectionString);
        await new Migrator(dataSource, [.. Migration.EventStore, .. ReadModels.Migrations]).MigrateAsync(cancellationToken);
    });

    private static readonly SystemId Erp = new("erp");
    private readonly string _tenant = Guid.NewGuid().ToString();
    private readonly TestDatabase _database;
    private readonly Dictionary<string, (NpgsqlConnection Connection, NpgsqlTransaction Transaction)> _held = [];

    private CommitsInHand(TestDatabase database, int maxWaiting, int worthwhile, TimeSpan linger)
    {
        _database = database;
        // However slow the machine is, nothing gives up before the test lets it go on.
        DataSource = LedgerDataSource.Create(database.ConnectionString + ";Command Timeout=0;Options=-c lock_timeout=0 -c statement_timeout=0 -c idle_in_transaction_session_timeout=0");
        Store = new(DataSource);
        Commits = new(Store, maxWaiting, patience: TimeSpan.FromMinutes(10), worthwhile, linger);
    }

    public NpgsqlDataSource DataSource { get; }
    public EventStore.EventStore Store { get; }
    public GroupCommit Commits { get; }

    /// <param name="worthwhile">1: a group begins beside another one whatever it has.</param>
    /// <param name="linger">Ten minutes unless given: as good as for ever.</param>
    public static async Task<CommitsInHand> CreateAsync(int maxWaiting = GroupCommit.DefaultMaxWaiting, int worthwhile = 1, TimeSpan? linger = null) =>
        new(await Migrated.CreateDatabaseAsync(), maxWaiting, worthwhile, linger ?? TimeSpan.FromMinutes(10));

    /// <summary>Fills every place a group has with a write that cannot go on before <see cref="ReleaseAsync"/>.</summary>
    public async Task<Task<AppendResult>[]> HoldAllGroupsAsync()
    {
        var held = new List<Task<AppendResult>>();
        for (var place = 0; place < GroupCommit.GroupsAtOnce; place++)
        {
            await HoldAsync($"held-{place}");
            held.Add(CommitAsync($"held-{place}", 1));
        }
        return [.. held];
    }

    /// <summary>Makes the item known, and lets nobody write it.</summary>
    public async Task HoldAsync(string record)
    {
        (await Write(record, 0).CommitAsync(Store, Metadata(record))).ShouldBeOfType<AppendResult.Appended>();
        var connection = await DataSource.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("select 1 from ledger.mt_streams where tenant_id = $1 and id = $2 for update", connection, transaction)
        {
            Parameters = { new() { Value = _tenant }, new() { Value = StreamIds.Of(Erp, new RecordId(record)) } },
        };
        await command.ExecuteNonQueryAsync();
        _held.Add(record, (connection, transaction));
    }

    public async Task ReleaseAsync(params string[] records)
    {
        foreach (var record in records.Length == 0 ? [.. _held.Keys] : records)
        {
            _held.Remove(record, out var held);
            await held.Transaction.RollbackAsync();
            await held.Connection.DisposeAsync();
        }
    }

    /// <summary>A report on an item whose history has that many events. It waits for its group when this returns.</summary>
    public Task<AppendResult> CommitAsync(string record, long version, string externalId = "JE-1", long? holding = null) =>
        Commits.CommitAsync(Write(record, version, externalId, holding), Metadata(record), CancellationToken.None);

    public Task<AppendResult> CommitUntilAsync(string record, long version, CancellationToken givingUp) => Commits.CommitAsync(Write(record, version), Metadata(record), givingUp);

    public LedgerWrite Write(string record, long version, string externalId = "JE-1", long? holding = null)
    {
        var write = new LedgerWrite(_tenant);
        var item = ItemState.Untouched with { Version = version };
        write.Append(new ItemSnapshot(Erp, new(record), RecordState.NotRegistered, item), new ItemEvent.ItemExported(null, externalId, null, null, null));
        if (holding is { } recordVersion) write.Guard(new RecordId("held-record"), recordVersion);
        return write;
    }

    public static EventMetadata Metadata(string record) => new($"request of {record}", $"cause of {record}", $"client of {record}", "native");

    public Task<List<RecordedEvent>> EventsAsync(string record) => Store.ReadStreamAsync(_tenant, StreamIds.Of(Erp, new(record)), cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>A row without a history: the read model refuses the item's first event.</summary>
    public Task<string> InsertItemRowAsync(string record) => ScalarAsync<string>(
        "insert into ledger.items (tenant_id, system_id, record_id, number, version, changed_at) values ($1, 'erp', $2, 0, 1, now()) returning record_id", _tenant, record);

    public async Task<AppendResult> AppendRecordAsync(long version) => await Store.AppendAsync(_tenant, Metadata("held-record"),
        [new StreamAppend(StreamIds.Of(new RecordId("held-record")), "record", version, [new(Guid.CreateVersion7(), "record_withdrawn", "x", "{}"u8.ToArray())])]);

    /// <summary>How many transactions wrote the events of these items.</summary>
    public Task<long> TransactionsAsync(params IEnumerable<string> records) => ScalarAsync<long>(
        "select count(distinct xmin::text) from ledger.mt_events where tenant_id = $1 and stream_id = any ($2)", _tenant, records.Select(record => StreamIds.Of(Erp, new(record))).ToArray());

    public async Task<T> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var command = DataSource.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task UntilAsync(string what, string sql)
    {
        var deadline = DateTime.UtcNow.AddSeconds(60);
        while (!await ScalarAsync<bool>(sql, _database.Name))
        {
            if (DateTime.UtcNow > deadline) throw new TimeoutException($"Waited in vain until {what}.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ReleaseAsync();
        await DataSource.DisposeAsync();
        await _database.DisposeAsync();
    }
}
