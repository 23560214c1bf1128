using Ledger.Bench.Ledgers;
using Ledger.Bench.Load;
using Ledger.Bench.Results;
using static Ledger.Bench.Bench;

namespace Ledger.Bench.Questions;

/// <summary>How long the published service takes from the start of its process to ready, on a database that is there, and the memory it holds.</summary>
internal sealed class Q10Starting : IQuestion
{
    private const double MiB = 1_048_576;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    public int Line => 10;
    public string Name => "starting";

    public async Task AskAsync(Bench bench)
    {
        await using var database = await NewDatabaseAsync();
        await new ReportedItems(new(database.DataSource), BenchDatabase.TenantId).PrepareAsync();
        var samples = new List<Sample>();
        for (var run = 0; run <= bench.Plan.Runs; run++)
        {
            await using var service = await bench.StartServiceAsync(database, counting: false);
            var latencies = new Latencies();
            latencies.Add(service.StartTime);
            if (run == bench.Plan.Runs) await Task.Delay(Rest);
            var processor = service.ProcessorTime;
            samples.Add(new("existing database", "start to ready", 1, service.StartTime, latencies) { ServiceProcessor = processor, ResidentBytes = service.ResidentBytes });
        }
        // The first start reads the files from the disk, and is told apart.
        var series = bench.Keep(Name, "existing database", "start to ready", samples[1..]);
        var seconds = Series.Median(series.Runs.Select(run => run.Elapsed.TotalSeconds));
        bench.Tell(new(10, "process start to /health/ready", "≤ 1.5 s", Text($"{seconds:0.00} s (first start {samples[0].Elapsed.TotalSeconds:0.00} s)"),
            Text($"{series.Runs.Min(run => run.Elapsed.TotalSeconds):0.00} – {series.Runs.Max(run => run.Elapsed.TotalSeconds):0.00} s"), seconds <= 1.5));
        var rest = series.Runs[^1].ResidentBytes!.Value / MiB;
        bench.Tell(new(10, "resident memory at rest", "≤ 120 MB", Text($"{rest:0} MB"), "", rest <= 120));
        if (bench.ResidentUnderReports > 0) bench.Tell(new(10, "resident memory under the reports of line 2, largest", "≤ 350 MB", Text($"{bench.ResidentUnderReports / MiB:0} MB"), "", bench.ResidentUnderReports / MiB <= 350));
        bench.Show("10 · Starting", [series], null);
    }
}
