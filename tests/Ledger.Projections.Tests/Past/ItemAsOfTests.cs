using System.Collections.Concurrent;
using System.Diagnostics;
using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Domain.Records;
using Ledger.EventStore;
using Ledger.EventStore.Migrations;
using Ledger.EventStore.Sealing;
using Ledger.Projections.Past;
using Ledger.Testing.Postgres;
using Npgsql;

namespace Ledger.Projections.Tests.Past;

/// <summary>What a past state is, and what it costs, in round trips and rows. The last event of the item is not sealed.</summary>
public sealed class ItemAsOfTests : IAsyncLifetime
{
    private const string Tenant = "tenant";
    private const int Exports = 300;
    private static readonly DatabaseTemplate Migrated = new(async (connectionString, cancellationToken) =>
    {
        await using var dataSource = LedgerDataSource.Create(connectionString);
        await new Migrator(dataSource, [.. Migration.EventStore, .. ReadModels.Migrations]).MigrateAsync(cancellationToken);
    });

    private static readonly SystemId Erp = new("erp");
    private static readonly RecordId Record = new("a");
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private TestDatabase _database = null!;
    private NpgsqlDataSource _dataSource = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await Migrated.CreateDatabaseAsync();
        _dataSource = LedgerDataSource.Create(_database.ConnectionString);
        await AppendAsync(StreamIds.Of(Erp, Record), 0, Enumerable.Range(1, 2).Select(Exported));   // positions 1 and 2, before the record is there
        var content = new RecordContent(RecordKind.Expense, SourceType.Card, Stage.Ready, new Money(12_50, "EUR"), null, null, null, null, null, null, [], null, null, null, null);
        await AppendAsync(StreamIds.Of(Record), 0, [new RecordEvent.RecordRegistered(1, Guid.NewGuid(), content, "hash")]);
        await AppendAsync(StreamIds.Of(Erp, Record), 2, Enumerable.Range(3, Exports - 2).Select(Exported));
        var sealer = await Sealer.LeadAsync(_dataSource, Cancellation);
        while (await sealer.SealAsync(cancellationToken: Cancellation) > 0) { }
        await AppendAsync(StreamIds.Of(Erp, Record), Exports, [Exported(Exports + 1)]);
    }

    public async ValueTask DisposeAsync()
    {
        await _dataSource.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task The_state_is_that_of_the_events_up_to_the_position_and_of_no_other()
    {
        var past = new PastStates(_dataSource);
        foreach (var position in (long[])[0, 1, 2]) (await past.ItemAsync(Tenant, Erp, Record, position, Cancellation)).ShouldBeNull("the record is not registered yet");
        foreach (var (position, version) in ((long, long)[])[(3, 2), (4, 3), (5, 4), (100, 99), (Exports + 1, Exports), (Exports + 2, Exports), (long.MaxValue, Exports)])
        {
            var state = (await past.ItemAsync(Tenant, Erp, Record, position, Cancellation)).ShouldNotBeNull();
            (state.Record.Version, state.Item.Version, state.Item.Reference!.ExternalId).ShouldBe((1, version, $"JE-{version}"), $"at {position}");
        }
    }

    [Fact]
    public async Task By_position_it_is_one_round_trip_with_the_moment_it_speaks_for()
    {
        var past = new PastStates(_dataSource);
        using var activities = new ActivitySource(nameof(ItemAsOfTests));
        var (trace, sent) = (ActivityTraceId.CreateRandom(), new ConcurrentQueue<string>());
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql" || source == activities,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.Source.Name == "Npgsql" && activity.TraceId == trace && !activity.DisplayName.StartsWith("CONNECT ", StringComparison.Ordinal)) sent.Enqueue(activity.DisplayName);
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var asking = activities.StartActivity("asking", ActivityKind.Internal, new ActivityContext(trace, ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded)).ShouldNotBeNull();

        var (moment, state) = await past.ItemAsync(Tenant, Erp, Record, new AskedMoment(null, 100), Cancellation);
        sent.Count.ShouldBe(1, string.Join('\n', sent));
        var (beyond, none) = await past.ItemAsync(Tenant, Erp, Record, new AskedMoment(null, Exports + 2), Cancellation);

        moment.ShouldBeOfType<MomentAnswer.Found>().Moment.Position.ShouldBe(100);
        state.ShouldBe(await past.ItemAsync(Tenant, Erp, Record, 100, Cancellation));
        (beyond, none).ShouldBe((new MomentAnswer.BeyondHead(Exports + 1), null));
    }

    [Fact]
    public async Task Only_what_came_after_the_position_costs_a_look_at_its_own()
    {
        var looks = await LooksAsync();
        await using (var asking = LedgerDataSource.Create(_database.ConnectionString))
        {
            for (var time = 0; time < 10; time++) (await new PastStates(asking).ItemAsync(Tenant, Erp, Record, Exports + 1 - time, Cancellation))!.Item.Version.ShouldBe(Exports - time);
        }

        // Each finds the positions of what follows its own, and of the last event of both streams; the event that is not sealed has none. Sessions hand in their figures when they end.
        for (var look = 0; await LooksAsync() == looks && look < 3_000; look++) await Task.Delay(20, Cancellation);
        (await LooksAsync() - looks).ShouldBe(45 + 20);
    }

    private static ItemEvent.ItemExported Exported(int number) => new(null, $"JE-{number}", null, null, null);

    private async Task AppendAsync(string stream, long version, IEnumerable<object> events)
    {
        NewEvent[] appended = [.. events.Select(@event => new NewEvent(Guid.CreateVersion7(), EventTypes.NameOf(@event), EventTypes.DotNetTypeOf(@event), EventTypes.Serialize(@event)))];
        var result = await new EventStore.EventStore(_dataSource).AppendAsync(
            Tenant, new EventMetadata("correlation", null, "test", "native"), [new StreamAppend(stream, stream[..stream.IndexOf('/', StringComparison.Ordinal)], version, appended)], cancellationToken: Cancellation);
        result.ShouldBeOfType<AppendResult.Appended>();
    }

    private async Task<long> LooksAsync()
    {
        await using var command = _dataSource.CreateCommand("select idx_tup_fetch from pg_stat_user_tables where relid = 'ledger.event_positions'::regclass");
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
