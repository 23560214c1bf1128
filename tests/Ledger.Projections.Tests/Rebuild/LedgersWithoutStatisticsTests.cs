using Ledger.EventStore;
using Ledger.EventStore.Migrations;
using Ledger.Projections.Rebuild;
using Ledger.Testing.Postgres;
using Npgsql;

namespace Ledger.Projections.Tests.Rebuild;

/// <summary>A ledger that was restored a moment ago: nobody has counted its rows yet, and a rebuild is what comes next.</summary>
public sealed class LedgersWithoutStatisticsTests
{
    private const int Events = 5_000;
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rebuild_spreads_the_events_all_the_same()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await using var dataSource = LedgerDataSource.Create(database.ConnectionString);
        await new Migrator(dataSource, [.. Migration.EventStore, .. ReadModels.Migrations]).MigrateAsync(Cancellation);
        await using var fill = dataSource.CreateCommand($"""
            alter table ledger.mt_events set (autovacuum_enabled = false);
            insert into ledger.mt_events (id, stream_id, version, data, type, tenant_id)
            select gen_random_uuid(), 'record/' || n, 1, jsonb_build_object('n', n), 'record_withdrawn', 'tenant' from generate_series(1, {Events}) as n;
            """);
        await fill.ExecuteNonQueryAsync(Cancellation);

        await using var connection = await dataSource.OpenConnectionAsync(Cancellation);
        await using var counted = new NpgsqlCommand("select reltuples::bigint from pg_class where oid = 'ledger.mt_events'::regclass", connection);
        (await counted.ExecuteScalarAsync(Cancellation)).ShouldBe(-1L, "nobody has counted");

        // Files are as many as the events let expect: with one for all, the memory would hold the whole ledger.
        (await ReadModelRebuild.AboutAsync(connection, Cancellation)).ShouldBeInRange(Events / 2, Events * 2);
    }
}
