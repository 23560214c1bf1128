using System.Globalization;
using System.Runtime.InteropServices;
using Ledger.Bench;
using Ledger.Clients;
using Ledger.EventStore;
using Ledger.EventStore.Migrations;
using Ledger.Projections;
using Ledger.Projections.Items;
using Ledger.Testing.Postgres;
using Spectre.Console;

// Reports of 100 results, end to end over HTTP, through the library, and by a bare SQL statement, in turn, in the same run.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
var service = args.Length > 0 ? Path.GetFullPath(args[0]) : throw new ArgumentException("Give the path of Ledger.Api.dll; bench/run does.");
var quick = args.Contains("--quick");
var (runs, duration) = quick ? (2, TimeSpan.FromSeconds(2)) : (5, TimeSpan.FromSeconds(6));
int[] clients = quick ? [8] : [1, 4, 8];

await using var database = await TestDatabase.CreateEmptyAsync();
await using var dataSource = LedgerDataSource.Create(database.ConnectionString);
await new Migrator(dataSource, [.. Migration.EventStore, .. ReadModels.Migrations, .. ClientsSchema.Migrations]).MigrateAsync();
var store = new EventStore(dataSource);
var workload = new Workload(store, DemoClients.TenantId);
await workload.PrepareAsync();
var bare = new BareSql(dataSource, DemoClients.TenantId);
await using var api = await ServiceProcess.StartAsync(service, database.ConnectionString);

var table = new Table().AddColumns("line", "clients", "items/s (median)", "spread", "p50 ms", "p99 ms", "of bare", "bytes/item");
foreach (var workers in clients)
{
    var measured = new Dictionary<string, List<Run>> { ["bare SQL"] = [], ["append with read models"] = [], ["read, decide, append"] = [], ["over HTTP"] = [] };
    for (var run = 0; run <= runs; run++)
    {
        // In turn within each run, so that whatever else the machine does hits all lines alike. The first run warms up.
        var one = new Dictionary<string, Run>
        {
            ["bare SQL"] = await Measurement.ClosedLoopAsync(workers, duration, true, bare.ReportAsync),
            ["append with read models"] = await InHandAsync(workers),
            ["read, decide, append"] = await Measurement.ClosedLoopAsync(workers, duration, true, (worker, round) => workload.ReportAsync(worker, round, reading: true)),
            ["over HTTP"] = await Measurement.ClosedLoopAsync(workers, duration, false, api.ReportAsync),
        };
        if (run > 0) foreach (var (line, result) in one) measured[line].Add(result);
    }
    var yardstick = Median(measured["bare SQL"], run => run.ItemsPerSecond);
    foreach (var (line, results) in measured)
    {
        var median = Median(results, run => run.ItemsPerSecond);
        table.AddRow(line, $"{workers}", $"{median:N0}", $"{results.Min(run => run.ItemsPerSecond):N0}–{results.Max(run => run.ItemsPerSecond):N0}",
            $"{Median(results, run => run.P50Milliseconds):0.0}", $"{Median(results, run => run.P99Milliseconds):0.0}", $"{median / yardstick:0.00}",
            results[0].AllocatedPerItem is null ? "–" : $"{Median(results, run => run.AllocatedPerItem!.Value):N0}");
    }
}
AnsiConsole.Profile.Width = 120;
AnsiConsole.Write(table.Border(TableBorder.Markdown));
AnsiConsole.WriteLine($"{DateTime.UtcNow:yyyy-MM-dd} · {Environment.ProcessorCount} cores · {RuntimeInformation.FrameworkDescription} · PostgreSQL {await VersionAsync()} · fsync on, synchronous_commit on");
AnsiConsole.WriteLine($"{runs} runs of {duration.TotalSeconds} s per line after one to warm up; load generator, service and PostgreSQL on the same machine; service resident {api.ResidentBytes / 1_048_576} MB");

async Task<Run> InHandAsync(int workers)
{
    var states = new Dictionary<Ledger.Domain.RecordId, ItemSnapshot>[workers];
    for (var worker = 0; worker < workers; worker++)
    {
        var all = Enumerable.Range(0, Workload.ItemsPerWorker / Workload.BatchSize).SelectMany(round => Workload.Batch(worker, round)).ToList();
        states[worker] = await workload.States.LoadAsync(DemoClients.TenantId, Workload.System, all, CancellationToken.None);
    }
    return await Measurement.ClosedLoopAsync(workers, duration, true, (worker, round) => workload.ReportAsync(worker, round, reading: false, states[worker]));
}

async Task<string> VersionAsync()
{
    await using var command = dataSource.CreateCommand("show server_version");
    return (string)(await command.ExecuteScalarAsync())!;
}

static double Median(List<Run> runs, Func<Run, double> figure) => runs.Select(figure).Order().ElementAt(runs.Count / 2);
