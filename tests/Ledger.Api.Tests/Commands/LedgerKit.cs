using Ledger.Api.Commands;
using Ledger.Api.Hosting;
using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Domain.Records;
using Ledger.EventStore;
using Ledger.EventStore.Migrations;
using Ledger.EventStore.Sealing;
using Ledger.Projections.Items;
using Ledger.Projections.Jobs;
using Ledger.Projections.Records;
using Ledger.Projections.Systems;
using Ledger.Testing.Postgres;
using Npgsql;

namespace Ledger.Api.Tests.Commands;

/// <summary>The commands over a real database, without HTTP: a fresh tenant for whoever asks.</summary>
public sealed class LedgerKit : IAsyncLifetime
{
    public static readonly DatabaseTemplate Template = new(async (connectionString, token) =>
    {
        await using var dataSource = LedgerDataSource.Create(connectionString);
        await new Migrator(dataSource, LedgerServices.Migrations).MigrateAsync(token);
    });

    public static readonly SystemId Erp = new("erp");

    private TestDatabase? _database;
    private NpgsqlDataSource? _dataSource;
    private SealingLoop? _sealing;
    private Task? _sealed;
    private readonly CancellationTokenSource _stop = new();
    private readonly LargeWrites _large = new(TimeSpan.FromSeconds(10));

    public NpgsqlDataSource DataSource => _dataSource!;
    public EventStore.EventStore Store { get; private set; } = null!;
    public ExportQueue Queue { get; private set; } = null!;
    public RecordStates Records { get; private set; } = null!;
    public ItemStates Items { get; private set; } = null!;
    public JobStates Jobs { get; private set; } = null!;
    public SystemRegistry Systems { get; private set; } = null!;
    public SystemCounts Counts { get; private set; } = null!;
    public RegisterRecords Register { get; private set; } = null!;
    public ChangeRecord Change { get; private set; } = null!;
    public ReportResults Report { get; private set; } = null!;
    public OpenJob OpenJob { get; private set; } = null!;
    public MoveJob MoveJob { get; private set; } = null!;
    public LargeWrites Large => _large;
    public UpdateJobItems UpdateJobItems { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await Template.CreateDatabaseAsync();
        _dataSource = LedgerDataSource.Create(_database.ConnectionString);
        Store = new(_dataSource);
        (Queue, Records, Items, Jobs, Systems, Counts) = (new(_dataSource), new(_dataSource), new(_dataSource), new(_dataSource), new(_dataSource), new(_dataSource));
        var runner = new CommandRunner(Store);
        (Register, Change, Report) = (new(runner, Records, _large), new(runner, Records), new(runner, Items, Systems, _large));
        (OpenJob, MoveJob) = (new(runner, Items, new JobQueries(_dataSource), Systems, _large), new(runner, Jobs, Items, Store, _large));
        UpdateJobItems = new(runner, new JobItemStates(_dataSource), new JobExpiry(Jobs, MoveJob, new CompleteBatch(Jobs, MoveJob), new LedgerOptions(), Store), new CompleteBatch(Jobs, MoveJob));
        _sealing = new(Store);
        _sealed = _sealing.RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_sealed is not null) await _sealed;
        _sealing?.Dispose();
        _stop.Dispose();
        _large.Dispose();
        if (_dataSource is not null) await _dataSource.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
    }

    public static CommandContext NewTenant(string dialect = "native") => new(Guid.NewGuid().ToString(), "tester", dialect, Guid.NewGuid().ToString());

    public static IncomingRecord Record(string id, long amountMinor = 12_50, Stage stage = Stage.Ready, string? text = null) => new(new(id), new RecordContent(
        RecordKind.AccountingEntry, SourceType.Card, stage, new(amountMinor, "EUR"), null, null, null, text, "6640", "1920",
        [new("l1", LineSide.Debit, new(amountMinor, "EUR"), "6640", null, null), new("l2", LineSide.Credit, new(amountMinor, "EUR"), "1920", null, null)], null, null, null, null));

    public async Task<List<string>> NotExportedAsync(CommandContext context, SystemId system, DateTimeOffset? since = null) =>
        [.. (await Queue.ReadAsync(new(context.TenantId, system, since, 0, 0, 1_000), CancellationToken.None)).Records.Select(record => record.Record.Id.Value)];

    public async Task<ItemState> ItemAsync(CommandContext context, SystemId system, string record) =>
        (await Items.LoadAsync(context.TenantId, system, [new RecordId(record)], CancellationToken.None))[new(record)].Item;

    public Task<(IReadOnlyList<ItemOutcome> Outcomes, DateTimeOffset? RecordedAt)> EachAsync(CommandContext context, SystemId system, params (string Record, ItemCommand Command)[] reports) =>
        Report.EachAsync(context, system, [.. reports.Select(report => (new RecordId(report.Record), report.Command))], CancellationToken.None);
}
