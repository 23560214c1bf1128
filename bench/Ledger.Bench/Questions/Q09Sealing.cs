using System.Diagnostics;
using Ledger.Bench.Ledgers;
using Ledger.Bench.Load;
using Ledger.Bench.Results;
using Ledger.Bench.Service;
using Ledger.EventStore.Log;
using Ledger.EventStore.Sealing;
using static Ledger.Bench.Bench;

namespace Ledger.Bench.Questions;

/// <summary>What sealing costs the reports, and how far it lags behind them at full load.</summary>
internal sealed class Q09Sealing : IQuestion
{
    private const int Connections = 8;
    private const string Case = "8 connections, reports of 100";
    private const string Watched = "sealer and log, watched";
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    public int Line => 9;
    public string Name => "sealing";

    public async Task AskAsync(Bench bench)
    {
        await using var database = await NewDatabaseAsync();
        var items = new ReportedItems(new(database.DataSource), BenchDatabase.TenantId);
        await items.PrepareAsync();
        await using var service = await bench.StartServiceAsync(database);
        using var reports = await ReportConnections.OpenAsync(service, items, Connections);
        var lag = new Latencies();
        var catchUp = new List<double>();

        Task<Sample> LoadAsync(string variant) => WatchAsync(Case, variant, service, database, () => Loops.ClosedAsync(Connections, bench.Plan.Slice, worker => reports.NativeAsync(worker, 100)));
        async Task<Sample> WithoutAsync(string variant, params long[] offices)
        {
            var held = new List<Leadership>();
            foreach (var office in offices) held.Add(await Leadership.TakeAsync(database.ConnectionString, office));
            var sample = await LoadAsync(variant);
            foreach (var one in held) await one.DisposeAsync();
            catchUp.Add(await CatchUpAsync(database));
            return sample;
        }

        var series = await bench.CompareAsync(Name,
            (Case, "nothing seals", () => WithoutAsync("nothing seals", Leadership.Sealer, Leadership.LogBuilder)),
            (Case, "sealer, no tamper-evident log", () => WithoutAsync("sealer, no tamper-evident log", Leadership.LogBuilder)),
            (Case, "sealer and log", () => WithoutAsync("sealer and log")),
            (Case, Watched, async () =>
            {
                using var looking = new CancellationTokenSource();
                var looks = LookAsync(database, lag, looking.Token);
                var sample = await LoadAsync(Watched);
                await looking.CancelAsync();
                await looks;
                catchUp.Add(await CatchUpAsync(database));
                return sample;
            }
        ));
        var watched = new Series(Case, "age of the oldest event not yet sealed", [new(Case, "age of the oldest event not yet sealed", lag.Count, bench.Plan.Slice * (bench.Plan.Runs + 1), lag)]);
        bench.Show("9 · Sealing under full load", [.. series, bench.Keep(Name, Case, watched.Variant, watched.Runs)], "nothing seals");
        bench.Tell(new(9, "sealing lag under full load, p99", "≤ 250 ms", Text($"{lag.Milliseconds(0.99):0} ms (p50 {lag.Milliseconds(0.5):0} ms)"), "", lag.Milliseconds(0.99) <= 250));
        var ratio = series[2].PerSecond / series[0].PerSecond;
        bench.Tell(new(9, "reports with sealer and log, of those without", "≥ 0.90", Text($"{ratio:0.00} ({series[2].PerSecond:N0} of {series[0].PerSecond:N0} items/s)"), Text($"{series[2].Slowest:N0} – {series[2].Fastest:N0}"), ratio >= 0.9));
        bench.Tell(new(9, "reports with the sealer alone, of those without", "–", Text($"{series[1].PerSecond / series[0].PerSecond:0.00}"), "", null));
        bench.Tell(new(9, "sealed after the load ends, within", "–", Text($"{Series.Median(catchUp):0.00} s"), Text($"{catchUp.Min():0.00} – {catchUp.Max():0.00} s"), null));
    }

    /// <summary>Asks again and again how old the oldest event is that is committed and not sealed: an upper bound of any event's lag, the rest of its own transaction included.</summary>
    private static async Task LookAsync(BenchDatabase database, Latencies lag, CancellationToken cancellationToken)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync(CancellationToken.None);
        while (!cancellationToken.IsCancellationRequested)
        {
            lag.Add(await SealingLag.ReadAsync(connection, CancellationToken.None));
            await Task.Delay(BetweenLooks, CancellationToken.None);
        }
    }

    /// <summary>Waits for the sealer, and then for the log: a run must not pay for what the one before left undone.</summary>
    /// <returns>Seconds until everything was sealed.</returns>
    private static async Task<double> CatchUpAsync(BenchDatabase database)
    {
        var started = Stopwatch.GetTimestamp();
        await using var connection = await database.DataSource.OpenConnectionAsync();
        await UntilAsync("Sealing", async () => await SealingLag.ReadAsync(connection) == TimeSpan.Zero);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await UntilAsync("The log", async () => !await LogBuilder.IsBehindAsync(connection));
        return seconds;

        async Task UntilAsync(string who, Func<Task<bool>> done)
        {
            while (!await done())
            {
                if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromMinutes(1)) throw new InvalidOperationException($"{who} does not catch up.");
                await Task.Delay(BetweenLooks);
            }
        }
    }
}
