using Ledger.Bench.Bare;
using Ledger.Bench.Ledgers;
using Ledger.Bench.Load;
using Ledger.Bench.Results;
using static Ledger.Bench.Bench;

namespace Ledger.Bench.Questions;

/// <summary>Reports over HTTP through three contracts, 8 connections; the load generator takes its share of the same cores.</summary>
internal sealed class Q02Reporting : IQuestion
{
    private const int Connections = 8;
    private const string Case = "8 connections";
    private const string Bare = "bare SQL";
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    /// <summary>Share of the throughput at which latency is looked at: busy, and not overrun.</summary>
    private const double Busy = 0.7;

    public int Line => 2;
    public string Name => "reporting";

    public async Task AskAsync(Bench bench)
    {
        await using var database = await NewDatabaseAsync();
        var items = new ReportedItems(new(database.DataSource), BenchDatabase.TenantId);
        await items.PrepareAsync();
        var bare = new BareReport(database.DataSource, BenchDatabase.TenantId, items);
        await using var service = await bench.StartServiceAsync(database);
        using var reports = await ReportConnections.OpenAsync(service, items, Connections);
        // As many items as two reports on each will last: at most what a job holds.
        var perJob = Math.Clamp((int)(bench.Plan.Slice.TotalSeconds * 40_000 / (2 * Connections)) / 100 * 100, 500, 10_000);
        using var jobs = await JobConnections.OpenAsync(service, database.DataSource, Connections, perJob);
        await database.ExecuteAsync("vacuum analyze");

        Task<Sample> OnServiceAsync(string variant, Func<Task<LoopResult>> load) => WatchAsync(Case, variant, service, database, load);
        var series = await bench.CompareAsync(Name,
            (Case, Bare, () => WatchAsync(Case, Bare, database, () => Loops.ClosedAsync(Connections, bench.Plan.Slice, worker => bare.ReportAsync(worker, Connections, 100)))),
            (Case, "native results, 100", () => OnServiceAsync("native results, 100", () => Loops.ClosedAsync(Connections, bench.Plan.Slice, worker => reports.NativeAsync(worker, 100)))),
            (Case, "export-jobs PUT items, 100", async () =>
            {
                await jobs.StartJobsAsync();
                return await OnServiceAsync("export-jobs PUT items, 100", () => Loops.ClosedAsync(Connections, bench.Plan.Slice, jobs.ReportAsync));
            }
        ),
            (Case, "mark-as-exported, 10", () => OnServiceAsync("mark-as-exported, 10", () => Loops.ClosedAsync(Connections, bench.Plan.Slice, reports.MarkAsync))));
        bench.Show("2 · Reports over HTTP, as many as it takes", series, Bare);
        foreach (var one in series.Skip(1)) Tell(bench, series[0], one, inTens: one == series[3]);

        var rate = Busy * series[1].PerSecond / 100;
        var busy = Text($"{Busy:P0} of that, open loop").Replace(" %", " %", StringComparison.Ordinal);
        var open = await bench.CompareAsync(Name,
            (busy, series[1].Variant, () => WatchAsync(busy, series[1].Variant, service, database, () => Loops.OpenAsync(Connections, rate, bench.Plan.Slice, worker => reports.NativeAsync(worker, 100)))),
            (busy, series[3].Variant, () => WatchAsync(busy, series[3].Variant, service, database, () => Loops.OpenAsync(Connections, Busy * series[3].PerSecond / 10, bench.Plan.Slice, reports.MarkAsync))));
        bench.Show("2 · Reports over HTTP, latency from the moment a request is due", open, null);
        foreach (var (one, how) in new[] { (series[1], "closed loop at full load"), (open[0], Text($"open loop at {Busy:0.0} of full load")) })
        {
            bench.Tell(new(2, Text($"p99 of {one.Variant}, {how}"), "≤ 100 ms", Text($"{one.Milliseconds(0.99):0} ms"),
                Text($"{one.Runs.Min(run => run.Latencies.Milliseconds(0.99)):0} – {one.Runs.Max(run => run.Latencies.Milliseconds(0.99)):0} ms"), one.Milliseconds(0.99) <= LongestWait.TotalMilliseconds));
        }
        bench.ResidentUnderReports = series.Concat(open).Max(one => one.ResidentBytes ?? 0);
    }

    // What is asked of reports of 100 cannot be asked of tens, which pay for ten times the transactions; they are told beside them.
    private static void Tell(Bench bench, Series bare, Series one, bool inTens)
    {
        var ratio = one.PerSecond / bare.PerSecond;
        bench.Tell(new(2, Text($"{one.Variant}, over HTTP, 8 connections"), inTens ? "(bare is in hundreds)" : "≥ 0.45 of bare, ≥ 20,000 items/s where bare gives 50,000",
            Text($"{ratio:0.00} ({one.PerSecond:N0} of {bare.PerSecond:N0} items/s)"), Text($"{one.Slowest:N0} – {one.Fastest:N0}"),
            inTens ? null : ratio >= 0.45 && (one.PerSecond >= 20_000 || bare.PerSecond < 50_000)));
    }
}
