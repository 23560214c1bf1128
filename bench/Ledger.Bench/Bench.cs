using System.Globalization;
using Ledger.Bench.Load;
using Ledger.Bench.Results;
using Ledger.Bench.Service;
using Ledger.Clients;
using Ledger.EventStore;
using Ledger.EventStore.Migrations;
using Ledger.Projections;
using Ledger.Testing.Postgres;
using Npgsql;

namespace Ledger.Bench;

/// <summary>What every question needs: databases, services, and somebody to tell the results to.</summary>
/// <param name="service">Path of the published <c>Ledger.Api.dll</c>.</param>
internal sealed class Bench(Plan plan, string service, ResultsPage page, RawData raw)
{
    public Plan Plan => plan;

    /// <summary>Line 2's, for line 10: the service's largest resident memory under reports.</summary>
    public long ResidentUnderReports { get; set; }

    public static async Task<BenchDatabase> NewDatabaseAsync()
    {
        var database = await TestDatabase.CreateEmptyAsync();
        var dataSource = LedgerDataSource.Create(database.ConnectionString, "bench");
        await new Migrator(dataSource, [.. Migration.EventStore, .. ReadModels.Migrations, .. ClientsSchema.Migrations]).MigrateAsync();
        await DemoClients.EnsureDemoAsync(dataSource);
        return new(database, dataSource, await DatabaseProcessor.FindAsync(dataSource));
    }

    /// <param name="counting">False starts the service exactly as an operator does.</param>
    /// <param name="patience">How long it may take to get ready; null: a minute.</param>
    public Task<ServiceProcess> StartServiceAsync(BenchDatabase database, bool counting = true, TimeSpan? patience = null) =>
        ServiceProcess.StartAsync(service, database.ConnectionString, counting, patience ?? TimeSpan.FromMinutes(1));

    /// <summary>Runs the variants of one case in turn, so that whatever else the machine does hits all alike. The first run warms up and is not kept.</summary>
    public async Task<List<Series>> CompareAsync(string question, params IReadOnlyList<(string Case, string Variant, Func<Task<Sample>> Run)> variants)
    {
        var samples = variants.Select(_ => new List<Sample>()).ToList();
        for (var run = 0; run <= plan.Runs; run++)
        {
            for (var index = 0; index < variants.Count; index++)
            {
                var sample = await variants[index].Run();
                if (run == 0) continue;
                samples[index].Add(sample);
                raw.Add(sample.ToJson(question, run));
            }
        }
        return [.. variants.Select((variant, index) => new Series(variant.Case, variant.Variant, samples[index]))];
    }

    /// <summary>A variant that cannot be run in turn with others.</summary>
    public Series Keep(string question, string @case, string variant, IReadOnlyList<Sample> samples)
    {
        for (var run = 0; run < samples.Count; run++) raw.Add(samples[run].ToJson(question, run + 1));
        return new(@case, variant, samples);
    }

    /// <summary>Something for the raw data alone.</summary>
    public void Note(System.Text.Json.Nodes.JsonObject line) => raw.Add(line);

    /// <summary>Puts load on the service and watches what that costs.</summary>
    public static async Task<Sample> WatchAsync(string @case, string variant, ServiceProcess service, BenchDatabase database, Func<Task<LoopResult>> load)
    {
        var (allocated, processor, postgres) = (service.Counters!.AllocatedBytes, service.ProcessorTime, database.Processor?.Time());
        using var watching = new CancellationTokenSource();
        var resident = ResidentAsync(service, watching.Token);
        var loop = await load();
        await Task.Delay(40);   // the counters are up to 20 ms old
        await watching.CancelAsync();
        return Sample.Of(@case, variant, loop) with
        {
            BytesPerItem = (service.Counters.AllocatedBytes - allocated) / (double)Math.Max(1, loop.Items),
            ServiceProcessor = service.ProcessorTime - processor,
            DatabaseProcessor = database.Processor?.Time() - postgres,
            ResidentBytes = await resident,
        };
    }

    /// <summary>Puts load on PostgreSQL from this process.</summary>
    public static async Task<Sample> WatchAsync(string @case, string variant, BenchDatabase database, Func<Task<LoopResult>> load)
    {
        var (allocated, postgres) = (GC.GetTotalAllocatedBytes(precise: true), database.Processor?.Time());
        var loop = await load();
        return Sample.Of(@case, variant, loop) with
        {
            BytesPerItem = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)Math.Max(1, loop.Items),
            DatabaseProcessor = database.Processor?.Time() - postgres,
        };
    }

    public void Show(string title, List<Series> series, string? yardstick) => page.Add(title, series, yardstick);

    public void Tell(Figure figure)
    {
        page.Add(figure);
        Console.WriteLine($"  {figure.Line,2}  {figure.What}: {figure.Measured} {figure.Spread}  (reach {figure.Reach}){(figure.Held is false ? "  NOT HELD" : "")}");
    }

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static async Task<long> ResidentAsync(ServiceProcess service, CancellationToken cancellationToken)
    {
        var largest = service.ResidentBytes;
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(100, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            largest = Math.Max(largest, service.ResidentBytes);
        }
        return largest;
    }
}

/// <summary>A migrated database of its own, with the demo tenant's credentials in it.</summary>
internal sealed record BenchDatabase(TestDatabase Database, NpgsqlDataSource DataSource, DatabaseProcessor? Processor) : IAsyncDisposable
{
    public const string TenantId = DemoClients.TenantId;
    public const string ApiKey = "demo-key";

    public string ConnectionString => Database.ConnectionString;

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await DataSource.OpenConnectionAsync();
        await using (var patience = new NpgsqlCommand("set statement_timeout = 0", connection)) await patience.ExecuteNonQueryAsync();
        await using (var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 }) await command.ExecuteNonQueryAsync();
        await using var back = new NpgsqlCommand("reset statement_timeout", connection);
        await back.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await Database.DisposeAsync();
    }
}
