using Ledger.Bench.Bare;
using Ledger.Bench.Ledgers;
using Ledger.Bench.Load;
using Ledger.Bench.Results;
using static Ledger.Bench.Bench;

namespace Ledger.Bench.Questions;

/// <summary>One result per request: what sharing a transaction among concurrent small requests is worth.</summary>
internal sealed class Q03SingleResults : IQuestion
{
    private const string Bare = "bare single append";
    private const string Http = "one result per request";

    public int Line => 3;
    public string Name => "singles";

    public async Task AskAsync(Bench bench)
    {
        await using var database = await NewDatabaseAsync();
        var items = new ReportedItems(new(database.DataSource), BenchDatabase.TenantId);
        await items.PrepareAsync();
        var bare = new BareReport(database.DataSource, BenchDatabase.TenantId, items);
        await using var service = await bench.StartServiceAsync(database);

        var (all, measured) = (new List<Series>(), new Dictionary<(string, int), Series>());
        foreach (var connections in (int[])[1, 16, 64])
        {
            using var reports = await ReportConnections.OpenAsync(service, items, connections);
            var @case = connections == 1 ? "1 connection" : Text($"{connections} connections");
            var series = await bench.CompareAsync(Name,
                (@case, Bare, () => WatchAsync(@case, Bare, database, () => Loops.ClosedAsync(connections, bench.Plan.Slice, worker => bare.ReportAsync(worker, connections, 1)))),
                (@case, Http, () => WatchAsync(@case, Http, service, database, () => Loops.ClosedAsync(connections, bench.Plan.Slice, worker => reports.NativeAsync(worker, 1)))));
            (measured[(Bare, connections)], measured[(Http, connections)]) = (series[0], series[1]);
            all.AddRange(series);
        }
        var (ours, yardstick) = (measured[(Http, 64)], measured[(Bare, 16)]);
        var ratio = ours.PerSecond / yardstick.PerSecond;
        bench.Tell(new(3, "one result per request, 64 connections", "≥ 1.00 of bare single appends at 16", Text($"{ratio:0.00} ({ours.PerSecond:N0} of {yardstick.PerSecond:N0}/s)"),
            Text($"{ours.Slowest:N0} – {ours.Fastest:N0}"), ratio >= 1));
        foreach (var connections in (int[])[1, 16])
        {
            var (one, other) = (measured[(Http, connections)], measured[(Bare, connections)]);
            bench.Tell(new(3, Text($"the same, {one.Case}"), "–", Text($"{one.PerSecond / other.PerSecond:0.00} ({one.PerSecond:N0} of {other.PerSecond:N0}/s)"), Text($"{one.Slowest:N0} – {one.Fastest:N0}"), null));
        }
        bench.Show("3 · One result per request", all, Bare);

        using var due = await ReportConnections.OpenAsync(service, items, 64);
        const string busy = "64 connections, open loop at 0.7 of that";
        var open = await bench.CompareAsync(Name,
            (busy, Http, () => WatchAsync(busy, Http, service, database, () => Loops.OpenAsync(64, 0.7 * ours.PerSecond, bench.Plan.Slice, worker => due.NativeAsync(worker, 1)))));
        bench.Show("3 · One result per request, latency from the moment a request is due", open, null);
        bench.Tell(new(3, "p99 of one result, 64 connections, open loop at 0.7 of full load", "–", Text($"{open[0].Milliseconds(0.99):0.0} ms (p50 {open[0].Milliseconds(0.5):0.0} ms)"), "", null));
    }
}
