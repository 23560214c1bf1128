using Ledger.Api.Hosting;
using Ledger.Clients;
using Ledger.EventStore;
using Ledger.EventStore.Migrations;
using Ledger.Projections.Rebuild;
using Ledger.Testing.Postgres;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Ledger.Api.Tests.Demo;

public sealed class SeedingTheDemoTests
{
    private static readonly DatabaseTemplate Migrated = new(async (connectionString, cancellationToken) =>
    {
        await using var dataSource = LedgerDataSource.Create(connectionString);
        await new Migrator(dataSource, LedgerServices.Migrations).MigrateAsync(cancellationToken);
    });

    [Fact]
    public async Task The_first_start_fills_the_empty_demo_tenant_and_the_second_leaves_it_alone()
    {
        await using var database = await Migrated.CreateDatabaseAsync();
        await StartAndStopAsync(database);

        (await CountAsync(database, "select count(*) from ledger.records where tenant_id = $1")).ShouldBe(2000);
        (await CountAsync(database, "select count(*) from ledger.records where tenant_id <> $1")).ShouldBe(0);
        (await TextsAsync(database, "select distinct status from ledger.jobs where tenant_id = $1 order by 1"))
            .ShouldBe(["completed", "completed_with_errors", "failed", "in_progress", "pending"]);
        (await TextsAsync(database, "select system_id from ledger.systems where tenant_id = $1 order by 1")).ShouldBe(["erp", "wms"]);
        // An unfinished export job would answer 409 to the first job somebody tries to make.
        (await CountAsync(database, "select count(*) from ledger.jobs where tenant_id = $1 and origin = 'export_jobs' and status in ('pending', 'in_progress')")).ShouldBe(0);

        var events = await CountAsync(database, "select count(*) from ledger.mt_events where tenant_id = $1");
        events.ShouldBeGreaterThan(3000);
        (await TextsAsync(database, "select distinct type from ledger.mt_events where tenant_id = $1 order by 1")).ShouldBe(EventTypes);
        await using var source = LedgerDataSource.Create(database.ConnectionString);
        (await new ReadModelRebuild(source).RunAsync(replace: false, cancellationToken: TestContext.Current.CancellationToken)).IsEqual.ShouldBeTrue();

        await StartAndStopAsync(database);
        (await CountAsync(database, "select count(*) from ledger.mt_events where tenant_id = $1")).ShouldBe(events);
    }

    [Theory]
    [InlineData("true", "false")]
    [InlineData("false", "true")]
    public async Task Nothing_is_seeded_unless_asked_for(string demo, string demoRecords)
    {
        await using var database = await Migrated.CreateDatabaseAsync();
        await StartAndStopAsync(database, demo, demoRecords);
        (await CountAsync(database, "select count(*) from ledger.records where tenant_id = $1")).ShouldBe(0);
    }

    private static readonly string[] EventTypes =
    [
        "export_abandoned", "export_cancelled", "export_reopened", "export_requested", "item_exported", "item_failed",
        "job_completed", "job_created", "job_failed", "job_started",
        "record_marked_exported", "record_registered", "record_revised", "record_stage_changed", "record_withdrawn",
    ];

    private static async Task StartAndStopAsync(TestDatabase database, string demo = "true", string demoRecords = "true")
    {
        await using var factory = new WebApplicationFactory<Program>().WithWebHostBuilder(builder => builder
            .UseSetting("ConnectionStrings:Ledger", database.ConnectionString)
            .UseSetting("Ledger:Demo", demo)
            .UseSetting("Ledger:DemoRecords", demoRecords)
            .ConfigureLogging(logging => logging.ClearProviders()));
        using var client = factory.CreateClient();
        (await client.GetAsync(new Uri("/health/live", UriKind.Relative), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
    }

    private static async Task<long> CountAsync(TestDatabase database, string sql) => (long)(await RowsAsync(database, sql))[0];

    private static async Task<IEnumerable<string>> TextsAsync(TestDatabase database, string sql) => (await RowsAsync(database, sql)).Cast<string>();

    private static async Task<List<object>> RowsAsync(TestDatabase database, string sql)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = DemoClients.TenantId } } };
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<object>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken)) rows.Add(reader.GetValue(0));
        return rows;
    }
}
