using Ledger.Domain;
using Ledger.EventStore;
using Ledger.EventStore.Migrations;
using Ledger.EventStore.Sealing;
using Ledger.Projections.Timelines;
using Ledger.Testing.Postgres;
using Npgsql;

namespace Ledger.Projections.Tests.Timelines;

/// <summary>No sealer runs here but the test's own, so events stay without a position as long as the test likes.</summary>
public sealed class PagingBeforeSealingTests : IAsyncLifetime
{
    private static readonly DatabaseTemplate Migrated = new(async (connectionString, cancellationToken) =>
    {
        await using var dataSource = LedgerDataSource.Create(connectionString);
        await new Migrator(dataSource, [.. Migration.EventStore, .. ReadModels.Migrations]).MigrateAsync(cancellationToken);
    });

    private const string Tenant = "tenant";
    private static readonly RecordId Record = new("a");
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private TestDatabase _database = null!;
    private NpgsqlDataSource _dataSource = null!;
    private TimelinePages _pages = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await Migrated.CreateDatabaseAsync();
        _dataSource = LedgerDataSource.Create(_database.ConnectionString);
        _pages = new(_dataSource);
    }

    public async ValueTask DisposeAsync()
    {
        await _dataSource.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Shows_unsealed_events_last_on_the_last_page()
    {
        await AppendAsync(0, 2);
        await SealAsync();
        await AppendAsync(2, 2);

        var page = await PageAsync(after: 0, limit: 10);

        page.Events.Select(@event => (@event.Version, @event.Position)).ShouldBe([(1L, 1L), (2L, 2L), (3L, null), (4L, null)]);
        page.Next.ShouldBeNull();
    }

    [Fact]
    public async Task Ends_a_page_that_others_follow_at_a_sealed_event()
    {
        await AppendAsync(0, 2);
        await SealAsync();
        await AppendAsync(2, 2);

        var page = await PageAsync(after: 0, limit: 3);

        page.Events.Select(@event => @event.Version).ShouldBe([1L, 2L]);
        page.Next.ShouldBe(2);
        (await PageAsync(after: 2, limit: 3)).Events.Select(@event => @event.Version).ShouldBe([3L, 4L]);
    }

    [Fact]
    public async Task Waits_for_the_sealer_when_a_whole_page_has_no_position_yet()
    {
        await AppendAsync(0, 4);

        var asked = PageAsync(after: 0, limit: 3);
        await Task.Delay(100, Cancellation);
        asked.IsCompleted.ShouldBeFalse();
        await SealAsync();

        (await asked).Events.Select(@event => @event.Position).ShouldBe([1L, 2L, 3L]);
        (await asked).Next.ShouldBe(3);
    }

    private Task<TimelinePage> PageAsync(long after, int limit) => _pages.OfRecordAsync(new(Tenant, after, null, limit), Record, null, Cancellation);

    private async Task AppendAsync(long version, int count)
    {
        NewEvent[] events = [.. Enumerable.Range(0, count).Select(_ => new NewEvent(Guid.CreateVersion7(), "record_withdrawn", "", "{}"u8.ToArray()))];
        var result = await new EventStore.EventStore(_dataSource).AppendAsync(
            Tenant, new EventMetadata("correlation", null, "test", "native"), [new StreamAppend(StreamIds.Of(Record), "record", version, events)], cancellationToken: Cancellation);
        result.ShouldBeOfType<AppendResult.Appended>();
    }

    private async Task SealAsync()
    {
        var sealer = await Sealer.LeadAsync(_dataSource, Cancellation);
        while (await sealer.SealAsync(cancellationToken: Cancellation) > 0) { }
    }
}
