using Ledger.Bench.Ledgers;
using Ledger.EventStore;
using Ledger.EventStore.Migrations;
using Ledger.Projections.Items;
using Ledger.Testing.Postgres;
using Npgsql;

namespace Ledger.Projections.Tests.Pages;

/// <summary>Pages of a queue whose statement names another tenant than the request acts for, or forgets it: row-level security leaves nothing of theirs in the answer.</summary>
public sealed class ForgottenTenantTests : IAsyncLifetime
{
    private const string Ours = "11111111-1111-1111-1111-111111111111";
    private const string Theirs = "22222222-2222-2222-2222-222222222222";
    private const string Forgotten = "true) or (r.number is not null";

    private TestDatabase _database = null!;
    private NpgsqlDataSource _owner = null!;
    private NpgsqlDataSource _requests = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await ManyRecords.Migrated.CreateDatabaseAsync();
        _owner = LedgerDataSource.Create(_database.ConnectionString);
        (await RowSecurity.PrepareAsync(_owner, Cancellation)).ShouldBeNull();
        _requests = LedgerDataSource.CreateForRequests(_database.ConnectionString);
        // Numbers are a tenant's own: both have records 1 to n, theirs has more of them.
        await GeneratedLedger.FillAsync(_owner, Ours, 50, [("erp", 0.5), ("filling", 0.5)], cancellationToken: Cancellation);
        await GeneratedLedger.FillAsync(_owner, Theirs, 90, [("erp", 0.5), ("filling", 0.5)], cancellationToken: Cancellation);
        await using var filling = _owner.CreateCommand("update ledger.systems set offered_through = 0 where system_id = 'filling'");
        await filling.ExecuteNonQueryAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _requests.DisposeAsync();
        await _owner.DisposeAsync();
        await _database.DisposeAsync();
    }

    public static TheoryData<string, bool, bool, bool> Shapes
    {
        get
        {
            var shapes = new TheoryData<string, bool, bool, bool>();
            foreach (var system in (string[])["erp", "filling", "never-seen"])
                for (var bits = 0; bits < 8; bits++)
                    shapes.Add(system, (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0);
            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task A_page_holds_what_is_the_tenants_own(string system, bool since, bool forgets, bool sorted)
    {
        var question = new QueueQuestion(Ours, new(system), since ? DateTimeOffset.UnixEpoch : null, 0, 0, 1_000, forgets ? new(Forgotten, []) : null, sorted ? [new(RecordSort.CreatedAt, Descending: true)] : null);

        var (own, _) = await new ExportQueue(_requests).ReadAsync(question, Cancellation);

        own.Count.ShouldBe(system == "never-seen" || since || (forgets && system == "filling") ? 50 : 25);
        own.ShouldAllBe(record => record.Record.State.Number <= 50);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task A_page_asked_of_another_tenant_is_empty(string system, bool since, bool forgets, bool sorted)
    {
        var question = new QueueQuestion(Theirs, new(system), since ? DateTimeOffset.UnixEpoch : null, 0, 0, 1_000, forgets ? new("true", []) : null, sorted ? [new(RecordSort.CreatedAt, Descending: true)] : null);
        var source = system switch { "erp" => QueueSource.Queue, "filling" => QueueSource.RecordsLessExported, _ => QueueSource.Records };

        foreach (var round in new long[] { 100, 8_192 })
        {
            (await CountAsync(_requests, Theirs, question, source, round)).ShouldBeGreaterThan(40);
            (await CountAsync(_requests, Ours, question, source, round)).ShouldBe(0);
            (await CountAsync(_requests, null, question, source, round)).ShouldBe(0);
        }
    }

    [Theory]
    [InlineData("records_of")]
    [InlineData("times_of")]
    public async Task Records_by_their_numbers_are_those_of_the_tenant_acted_for_whoever_asks(string function)
    {
        // Theirs has numbers above fifty, ours has none.
        var find = $"select count(*) from ledger.{function}(array(select generate_series($1, 100)::bigint))";
        foreach (var who in new[] { _requests, _owner })
        {
            (await CountAsync(who, Ours, find, 1)).ShouldBe(50);
            (await CountAsync(who, Ours, find, 51)).ShouldBe(0);
            (await CountAsync(who, null, find, 1)).ShouldBe(0);
        }
        var name = $"stranger_{Guid.NewGuid():N}";
        await using var make = _owner.CreateCommand($"create role {name} nologin; grant usage on schema ledger to {name}");
        await make.ExecuteNonQueryAsync(Cancellation);
        try
        {
            await using var stranger = LedgerDataSource.Create($"{_database.ConnectionString};Options=-c role={name}");
            (await Should.ThrowAsync<PostgresException>(() => CountAsync(stranger, Ours, find, 1))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        }
        finally
        {
            await using var drop = _owner.CreateCommand($"drop owned by {name}; drop role {name}");
            await drop.ExecuteNonQueryAsync(Cancellation);
        }
    }

    private static async Task<long> CountAsync(NpgsqlDataSource who, string? acting, string sql, int first)
    {
        await using var batch = who.CreateBatch();
        if (acting is not null) batch.BatchCommands.Add(Tenancy.ActFor(acting));
        batch.BatchCommands.Add(new(sql) { Parameters = { new NpgsqlParameter<int> { TypedValue = first } } });
        return (long)(await batch.ExecuteScalarAsync(Cancellation))!;
    }

    // The page's own statement, with its parameters, acting for somebody else than it asks of.
    private static async Task<int> CountAsync(NpgsqlDataSource who, string? acting, QueueQuestion question, QueueSource source, long round)
    {
        await using var batch = who.CreateBatch();
        if (acting is not null) batch.BatchCommands.Add(Tenancy.ActFor(acting));
        batch.BatchCommands.Add(ExportQueue.Page(QueueSql.Page(question, source, round), question, 0, question.Limit, 0, round));
        await using var reader = await batch.ExecuteReaderAsync(Cancellation);
        var records = 0;
        while (await reader.ReadAsync(Cancellation))
            if (!reader.IsDBNull(QueueSql.Record)) records++;
        return records;
    }
}
