using Ledger.Bench.Bare;
using Ledger.Bench.Ledgers;
using Ledger.Bench.Load;
using Ledger.Bench.Results;
using Ledger.Bench.Service;
using static Ledger.Bench.Bench;

namespace Ledger.Bench.Questions;

/// <summary>Pages of what is not exported: at every size of the ledger, share of pending records and place in the queue; and at a queue's worn head.</summary>
internal sealed class Q05Pages(QueueLedgers ledgers) : IQuestion
{
    private const string Http = "page of 100 over HTTP";
    private const string Bare = "bare keyset page";
    private const int JustExported = 100_000;
    private static readonly string[] Places = ["first", "middle", "last"];

    public int Line => 5;
    public string Name => "pages";

    public async Task AskAsync(Bench bench)
    {
        var open = await ledgers.OpenAsync(bench);
        var slice = bench.Plan.PageSlice;
        var (all, paths, ratios) = (new List<Series>(), new List<string>(), new List<double>());
        foreach (var (system, _) in QueueLedgers.Systems)
            foreach (var place in Places) paths.Add(await PathAsync(open[^1], system, place));
        var buffers = await TouchedBuffers.CountAsync(open[^1].Database, open[^1].Connection, paths);
        foreach (var (system, share) in QueueLedgers.Systems)
        {
            foreach (var place in Places)
            {
                var variants = new List<(string, string, Func<Task<Sample>>)>();
                foreach (var ledger in open)
                {
                    var after = await AfterAsync(ledger, system, place);
                    var path = await PathAsync(ledger, system, place);
                    var @case = Text($"{ledger.Name}, {share * 100:0.##} % pending, {place} page");
                    variants.Add((@case, Bare, () => WatchAsync(@case, Bare, ledger.Database, () => Loops.ClosedAsync(1, slice, _ => BarePage.ReadAsync(ledger.Database, system, after)))));
                    variants.Add((@case, Http, () => WatchAsync(@case, Http, ledger.Service, ledger.Database, () => PagesAsync(ledger, path, slice))));
                }
                var series = await bench.CompareAsync(Name, variants);
                all.AddRange(series);
                // A page that is not full at the smallest size says nothing about a full one.
                if (share * open[0].Records * (place == "middle" ? 0.5 : 1) >= 100) ratios.Add(series[^1].Milliseconds(0.5) / series[1].Milliseconds(0.5));
            }
        }
        bench.Show("5 · Pages of what is not exported, one client", all, Bare);
        var pages = all.Where(series => series.Variant == Http).ToList();
        bench.Tell(new(5, Text($"shared buffers per page request at {open[^1].Name}, {buffers.Count} cases"), "≤ 400 in every case", Text($"largest {buffers.Max():0}"), Text($"{buffers.Min():0} – {buffers.Max():0}"), buffers.Max() <= 400));
        bench.Tell(new(5, Text($"p50 at {open[^1].Name}, of p50 at {open[0].Name}"), "≤ 1.3 in every case", Text($"largest {ratios.Max():0.00}, median {Series.Median(ratios):0.00}"), Text($"{ratios.Min():0.00} – {ratios.Max():0.00}"), ratios.Max() <= 1.3));
        bench.Tell(new(5, "p99 of a page at rest, all cases", "≤ 15 ms", Text($"largest {pages.Max(page => page.Milliseconds(0.99)):0.0} ms"), Text($"{pages.Min(page => page.Milliseconds(0.99)):0.0} – {pages.Max(page => page.Milliseconds(0.99)):0.0} ms"), pages.All(page => page.Milliseconds(0.99) <= 15)));
        await WornHeadAsync(bench, open[Math.Min(1, open.Count - 1)], slice);
    }

    // 100,000 items at the head of the queue have just been exported, and a snapshot somewhere keeps every dead row from being removed.
    private async Task WornHeadAsync(Bench bench, QueueLedger ledger, TimeSpan slice)
    {
        const string path = "/ledger/v1/systems/all/not-exported?limit=100";
        await using var elsewhere = await ledger.Database.DataSource.OpenConnectionAsync();
        await using var snapshot = await elsewhere.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        await using (var hold = new Npgsql.NpgsqlCommand("set local idle_in_transaction_session_timeout = 0; select count(*) from ledger.systems", elsewhere)) await hold.ExecuteNonQueryAsync();
        var exported = (int)Math.Min(JustExported, ledger.Records / 2);
        var body = new RequestBody();
        for (var first = 1; first <= exported; first += 5_000)
        {
            body.Clear().Add("{\"results\":["u8);
            for (var number = first; number < Math.Min(first + 5_000, exported + 1); number++)
                body.Add(number == first ? "{\"record_id\":\""u8 : ",{\"record_id\":\""u8).Add(number).Add("\",\"outcome\":\"exported\"}"u8);
            await ledger.Connection.SendAsync("POST", "/ledger/v1/systems/all/results", body.Add("]}"u8).Written);
        }
        var @case = Text($"{ledger.Name}, {exported:N0} just exported at the head, an old snapshot open");
        var series = await bench.CompareAsync(Name, (@case, Http, () => WatchAsync(@case, Http, ledger.Service, ledger.Database, () => PagesAsync(ledger, path, slice))));
        var touched = (await TouchedBuffers.CountAsync(ledger.Database, ledger.Connection, [path])).Single();
        bench.Show("5 · The worn head of a queue", series, null);
        bench.Tell(new(5, @case, "≤ 400 buffers, p99 ≤ 15 ms", Text($"{touched:0} buffers, p50 {series[0].Milliseconds(0.5):0.0} ms, p99 {series[0].Milliseconds(0.99):0.0} ms"), "", touched <= 400 && series[0].Milliseconds(0.99) <= 15));
    }

    private static Task<LoopResult> PagesAsync(QueueLedger ledger, string path, TimeSpan slice) => Loops.ClosedAsync(1, slice, async _ =>
    {
        await ledger.Connection.SendAsync("GET", path);
        return 1;
    });

    private static async Task<string> PathAsync(QueueLedger ledger, string system, string place)
    {
        var after = await AfterAsync(ledger, system, place);
        return Text($"/ledger/v1/systems/{system}/not-exported?limit=100") + (after == 0 ? "" : "&cursor=" + await QueueCursors.AfterAsync(ledger.Database, after));
    }

    private static async Task<long> AfterAsync(QueueLedger ledger, string system, string place)
    {
        if (place == "first") return 0;
        if (place == "middle") return ledger.Records / 2;
        await using var command = ledger.Database.DataSource.CreateCommand("select coalesce((select number from ledger.pending where tenant_id = $1 and system_id = $2 order by number desc offset 100 limit 1), 0)");
        command.Parameters.Add(new() { Value = BenchDatabase.TenantId });
        command.Parameters.Add(new() { Value = system });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
