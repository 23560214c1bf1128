using Ledger.Bench.Ledgers;
using Ledger.Domain;
using Ledger.EventStore;
using Ledger.EventStore.Migrations;
using Ledger.EventStore.Sealing;
using Ledger.Projections.Tests.Pages;
using Ledger.Projections.Timelines;
using Ledger.Testing.Postgres;
using Npgsql;

namespace Ledger.Projections.Tests.Timelines;

/// <summary>A timeline touches the blocks of its own streams, whatever else the tenant has: under row-level security, on plans made before there were events or statistics of them, and on later ones.</summary>
public sealed class TimelineCostTests : IAsyncLifetime
{
    private const string Tenant = "tenant";
    private const int Records = 10_000;
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private TestDatabase _database = null!;
    private NpgsqlDataSource _owner = null!, _requests = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await ManyRecords.Migrated.CreateDatabaseAsync();
        _owner = LedgerDataSource.Create(_database.ConnectionString + ";Maximum Pool Size=1");
        (await RowSecurity.PrepareAsync(_owner, cancellationToken: Cancellation)).ShouldBeNull();
        // Before anything is planned: a change of a table makes plans anew, as statistics do.
        await using (var alone = _owner.CreateCommand(ManyRecords.WithoutAutovacuum)) await alone.ExecuteNonQueryAsync(Cancellation);
        // One session each: what it has prepared, and what it has counted.
        _requests = LedgerDataSource.CreateForRequests(_database.ConnectionString + ";Maximum Pool Size=1");
    }

    public async ValueTask DisposeAsync()
    {
        await _requests.DisposeAsync();
        await _owner.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData("erp", 2, 20)]
    [InlineData(null, 3, 40)]
    public async Task Touches_its_own_streams_only(string? system, int events, long bound)
    {
        SystemId? asked = system is null ? null : new(system);
        for (var time = 0; time < 3; time++) (await ReadAsync(asked)).ShouldBe(0);
        await FillAsync();

        var (onEarlyPlan, early) = await CountAsync(asked);
        await using (var analyze = _owner.CreateCommand("analyze")) await analyze.ExecuteNonQueryAsync(Cancellation);
        var (onLaterPlan, later) = await CountAsync(asked);

        TestContext.Current.TestOutputHelper?.WriteLine($"{early} blocks on a plan made without statistics of the events, {later} on one made with them");
        (onEarlyPlan, onLaterPlan).ShouldBe((events, events));
        early.ShouldBeInRange(events, bound);
        later.ShouldBeInRange(events, bound);
    }

    private async Task FillAsync()
    {
        await using (var filling = LedgerDataSource.Create(_database.ConnectionString, nameof(FillAsync)))
        {
            await GeneratedLedger.FillAsync(filling, Tenant, Records, [("erp", 0), ("crm", 0)], withEvents: true, Cancellation);
            var sealer = await Sealer.LeadAsync(filling, Cancellation);
            while (await sealer.SealAsync(cancellationToken: Cancellation) > 0) { }
        }
        // A session hands in its figures at the latest when it ends.
        await using var left = _owner.CreateCommand("select count(*) from pg_stat_activity where datname = current_database() and application_name = $1");
        left.Parameters.Add(new NpgsqlParameter<string> { TypedValue = nameof(FillAsync) });
        for (var look = 0; await left.ExecuteScalarAsync(Cancellation) is not 0L; look++)
        {
            look.ShouldBeLessThan(1_000);
            await Task.Delay(20, Cancellation);
        }
    }

    private async Task<int> ReadAsync(SystemId? system) =>
        (await new TimelinePages(_requests).OfRecordAsync(new(Tenant, 0, null, 100), new($"{Records / 2}"), system, Cancellation)).Events.Count;

    private async Task<(int Events, long Blocks)> CountAsync(SystemId? system)
    {
        await ReadAsync(system);
        var before = await BlocksAsync();
        var events = await ReadAsync(system);
        return (events, await BlocksAsync() - before);
    }

    private async Task<long> BlocksAsync()
    {
        foreach (var session in (NpgsqlDataSource[])[_requests, _owner])
        {
            await using var flush = session.CreateCommand("select pg_stat_force_next_flush()");
            await flush.ExecuteNonQueryAsync(Cancellation);
        }
        await using var command = _owner.CreateCommand("""
            select sum(coalesce(heap_blks_read + heap_blks_hit, 0) + coalesce(idx_blks_read + idx_blks_hit, 0) + coalesce(toast_blks_read + toast_blks_hit, 0))::bigint
              from pg_statio_user_tables where schemaname = 'ledger' and relname in ('mt_events', 'event_positions', 'items', 'systems')
            """);
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
