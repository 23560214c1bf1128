using Ledger.Bench.Bare;
using Ledger.Bench.Ledgers;
using Ledger.Bench.Load;
using Ledger.Bench.Results;
using Ledger.Domain;
using Ledger.Projections.Items;
using static Ledger.Bench.Bench;

namespace Ledger.Bench.Questions;

/// <summary>100 events to 100 existing streams with their item rows, through the library, against one statement that does the same.</summary>
internal sealed class Q01Appending : IQuestion
{
    private const int Batch = 100;
    private const string Bare = "bare SQL";
    private const string Append = "append with read models";

    public int Line => 1;
    public string Name => "appending";

    public async Task AskAsync(Bench bench)
    {
        await using var database = await NewDatabaseAsync();
        var store = new EventStore.EventStore(database.DataSource);
        var items = new ReportedItems(store, BenchDatabase.TenantId);
        await items.PrepareAsync();
        var bare = new BareReport(database.DataSource, BenchDatabase.TenantId, items);

        var all = new List<Series>();
        foreach (var clients in (int[])[1, 4, 8])
        {
            var @case = clients == 1 ? "1 client" : Text($"{clients} clients");
            var series = await bench.CompareAsync(Name,
                (@case, Bare, () => WatchAsync(@case, Bare, database, () => Loops.ClosedAsync(clients, bench.Plan.Slice, worker => bare.ReportAsync(worker, clients, Batch)))),
                (@case, Append, () => InHandAsync(bench, database, items, @case, clients)),
                (@case, "read, decide, append", () => WatchAsync(@case, "read, decide, append", database, () => Loops.ClosedAsync(clients, bench.Plan.Slice, worker => items.ReportAsync(worker, clients, Batch, null)))));
            var ratio = series[1].PerSecond / series[0].PerSecond;
            bench.Tell(new(1, Text($"append 100 events to 100 streams with read models, {@case}"), "≥ 0.80 of bare", Text($"{ratio:0.00} ({series[1].PerSecond:N0} of {series[0].PerSecond:N0} events/s)"),
                Text($"{series[1].Slowest:N0} – {series[1].Fastest:N0}"), ratio >= 0.80));
            all.AddRange(series);
        }
        var bytes = all.Where(series => series.Variant == Append).Max(series => series.BytesPerItem!.Value);
        bench.Tell(new(1, "allocated per event", "≤ 2.5 KB", Text($"{bytes:N0} bytes"), "", bytes <= 2_500));
        bench.Show("1 · Appending through the library", all, Bare);
    }

    private static async Task<Sample> InHandAsync(Bench bench, BenchDatabase database, ReportedItems items, string @case, int clients)
    {
        var states = new Dictionary<RecordId, ItemSnapshot>[clients];
        for (var worker = 0; worker < clients; worker++) states[worker] = await items.InHandAsync(worker, clients);
        return await WatchAsync(@case, Append, database, () => Loops.ClosedAsync(clients, bench.Plan.Slice, worker => items.ReportAsync(worker, clients, Batch, states[worker])));
    }
}
