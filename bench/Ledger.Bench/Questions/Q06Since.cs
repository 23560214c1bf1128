using System.Diagnostics;
using Ledger.Bench.Bare;
using Ledger.Bench.Ledgers;
using Ledger.Bench.Load;
using Ledger.Bench.Results;
using Ledger.Bench.Service;
using static Ledger.Bench.Bench;

namespace Ledger.Bench.Questions;

/// <summary>What was not exported at a past moment, or has not been ever since, at five moments of the history, with and without a filter.</summary>
internal sealed class Q06Since(QueueLedgers ledgers) : IQuestion
{
    private const string Http = "page of 100 over HTTP";
    private const string Filtered = "page of 60, filtered, over HTTP";
    private const string Bare = "bare keyset page";

    /// <summary>How long ago the first export of a generated ledger was; the last was just now.</summary>
    private const int HistoryDays = 100;

    private static readonly int[] Percents = [0, 25, 50, 75, 100];

    public int Line => 6;
    public string Name => "since";

    public async Task AskAsync(Bench bench)
    {
        var open = await ledgers.OpenAsync(bench);
        var slice = bench.Plan.PageSlice;
        var (all, ratios) = (new List<Series>(), new List<double>());
        var buffers = await TouchedBuffers.CountAsync(open[^1].Database, open[^1].Connection, [.. Percents.SelectMany(Questions).Select(question => question.Path)]);
        foreach (var percent in Percents)
        {
            var variants = new List<(string, string, Func<Task<Sample>>)>();
            foreach (var ledger in open)
            {
                var @case = Text($"{ledger.Name}, since {percent} % of history");
                variants.Add((@case, Bare, () => WatchAsync(@case, Bare, ledger.Database, () => Loops.ClosedAsync(1, slice, _ => BarePage.ReadAsync(ledger.Database, "few", 0)))));
                foreach (var (variant, path) in Questions(percent))
                {
                    variants.Add((@case, variant, () => WatchAsync(@case, variant, ledger.Service, ledger.Database, () => Loops.ClosedAsync(1, slice, async _ =>
                    {
                        await ledger.Connection.SendAsync("GET", path);
                        return 1;
                    }))));
                }
            }
            var series = await bench.CompareAsync(Name, variants);
            all.AddRange(series);
            foreach (var variant in (string[])[Http, Filtered])
            {
                var sizes = series.Where(one => one.Variant == variant).ToList();
                ratios.Add(sizes[^1].Milliseconds(0.5) / sizes[0].Milliseconds(0.5));
            }
        }
        bench.Show("6 · Pages of what was not exported at a past moment, one client", all, Bare);
        await SelectiveAsync(bench, open[Math.Min(1, open.Count - 1)]);
        var pages = all.Where(series => series.Variant != Bare).ToList();
        bench.Tell(new(6, Text($"shared buffers per page since T at {open[^1].Name}, {buffers.Count} cases"), "≤ 400 in every case", Text($"largest {buffers.Max():0}"), Text($"{buffers.Min():0} – {buffers.Max():0}"), buffers.Max() <= 400));
        bench.Tell(new(6, Text($"p50 at {open[^1].Name}, of p50 at {open[0].Name}"), "≤ 1.3 in every case", Text($"largest {ratios.Max():0.00}, median {Series.Median(ratios):0.00}"), Text($"{ratios.Min():0.00} – {ratios.Max():0.00}"), ratios.Max() <= 1.3));
        bench.Tell(new(6, "p99 of such a page at rest, all cases", "≤ 15 ms", Text($"largest {pages.Max(page => page.Milliseconds(0.99)):0.0} ms"), Text($"{pages.Min(page => page.Milliseconds(0.99)):0.0} – {pages.Max(page => page.Milliseconds(0.99)):0.0} ms"), pages.All(page => page.Milliseconds(0.99) <= 15)));
    }

    // The first answer of each is timed, before anything of it is in memory or prepared.
    private static async Task SelectiveAsync(Bench bench, QueueLedger ledger)
    {
        var (paths, seconds) = (new List<string>(), new List<double>());
        foreach (var percent in Percents)
        {
            paths.Add(Entries(percent, Time(TimeProvider.System.GetUtcNow().AddDays(-HistoryDays - 0.3))));
            var started = Stopwatch.GetTimestamp();
            await ledger.Connection.SendAsync("GET", paths[^1]);
            seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        var buffers = await TouchedBuffers.CountAsync(ledger.Database, ledger.Connection, paths);
        bench.Tell(new(6, Text($"a filter on created_at that leaves a thousandth of {ledger.Name}, {buffers.Count} cases"), "≤ 400 buffers, ≤ 15 ms", Text($"largest {buffers.Max():N0} buffers, {seconds.Max() * 1000:N0} ms"),
            Text($"{buffers.Min():N0} – {buffers.Max():N0}, {seconds.Min() * 1000:N0} – {seconds.Max() * 1000:N0} ms"), buffers.Max() <= 400 && seconds.Max() <= 0.015));
    }

    private static IEnumerable<(string Variant, string Path)> Questions(int percent) =>
        [(Http, $"/ledger/v1/systems/few/not-exported?limit=100&since={Since(percent)}"), (Filtered, Entries(percent, createdFrom: "2000-01-01"))];

    // Records of a generated ledger were created over 300 days until 100 days ago.
    private static string Entries(int percent, string createdFrom) => $"/v10/accounting-entries/export?system_id=few&limit=60&not_exported_since={Since(percent)}"
        + "&filter_groups[0][filters][0][key]=updated_at&filter_groups[0][filters][0][operator]=lt&filter_groups[0][filters][0][value]=2100-01-01"
        + $"&filter_groups[1][filters][0][key]=created_at&filter_groups[1][filters][0][operator]=gte&filter_groups[1][filters][0][value]={createdFrom}";

    private static string Since(int percent) => Time(TimeProvider.System.GetUtcNow().AddDays(-HistoryDays * (1 - (percent / 100.0))));

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
}
