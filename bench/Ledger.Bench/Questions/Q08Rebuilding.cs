using System.Diagnostics;
using System.Text.Json.Nodes;
using Ledger.Bench.Ledgers;
using Ledger.Bench.Load;
using Ledger.Bench.Results;
using static Ledger.Bench.Bench;

namespace Ledger.Bench.Questions;

/// <summary>Every read model from every event, in a process of its own as the tool does it, while the service takes reports; against COPY of the same events.</summary>
internal sealed class Q08Rebuilding : IQuestion
{
    private const string Bare = "COPY of the events";
    private const string Rebuild = "rebuild of every read model";
    private const double MiB = 1_048_576;

    /// <summary>Reports of 100 per second meanwhile: some 4,000 results/s, a busy day rather than a benchmark.</summary>
    private const double ReportsPerSecond = 40;
    private const int Connections = 4;

    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private static readonly TimeSpan LongestCatchUp = TimeSpan.FromMinutes(20);
    private static readonly string[] Systems = ["s1", "s2", "s3", "s4"];

    /// <summary>What the child process is called with; see Program.</summary>
    public const string ChildArgument = "rebuild-in-this-process";

    public int Line => 8;
    public string Name => "rebuilding";

    public async Task AskAsync(Bench bench)
    {
        await using var database = await NewDatabaseAsync();
        var items = new ReportedItems(new(database.DataSource), BenchDatabase.TenantId);
        var filling = Stopwatch.GetTimestamp();
        // One event per record, and one per record and system.
        var records = bench.Plan.RebuiltEvents / (1 + Systems.Length);
        await GeneratedLedger.FillAsync(database.DataSource, "generated", records, [.. Systems.Select(system => (system, 0.0))], withEvents: true);
        Console.WriteLine(Text($"  filled a ledger of {bench.Plan.RebuiltEvents:N0} events in {Stopwatch.GetElapsedTime(filling).TotalSeconds:0} s"));
        await items.PrepareAsync();
        await using var service = await bench.StartServiceAsync(database, patience: LongestCatchUp);
        await CatchUpAsync(database, filling);
        using var reports = await ReportConnections.OpenAsync(service, items, Connections);
        var @case = Text($"{bench.Plan.RebuiltEvents:N0} events");

        Task<LoopResult> ReportAsync(TimeSpan duration, Func<bool>? isOver = null) => Loops.OpenAsync(Connections, ReportsPerSecond, duration, worker => reports.NativeAsync(worker, 100), isOver);
        var (copies, rebuilds, idle, meanwhile) = (new List<Sample>(), new List<Sample>(), new List<Sample>(), new List<Sample>());
        await ReportAsync(TimeSpan.FromSeconds(2));
        for (var run = 0; run < bench.Plan.Rebuilds; run++)
        {
            copies.Add(await WatchAsync(@case, Bare, database, () => CopyAsync(database)));
            var quiet = await ReportAsync(bench.Plan.IdleReports);
            idle.Add(Sample.Of("reports, 4,000 items/s", "nothing else", quiet));
            var rebuild = RebuildAsync(database);
            // One schedule to the end: what is due while the service stands still is late, and is counted so.
            var busy = await ReportAsync(Longest, () => rebuild.IsCompleted);
            meanwhile.Add(Sample.Of("reports, 4,000 items/s", "during the rebuild", busy));
            rebuilds.Add(await rebuild with { Case = @case });
        }
        var (copy, fold) = (bench.Keep(Name, @case, Bare, copies), bench.Keep(Name, @case, Rebuild, rebuilds));
        var (before, during) = (bench.Keep(Name, idle[0].Case, idle[0].Variant, idle), bench.Keep(Name, meanwhile[0].Case, meanwhile[0].Variant, meanwhile));
        bench.Show("8 · Rebuilding every read model while the service takes reports", [copy, fold, before, during], Bare);
        var ratio = fold.PerSecond / copy.PerSecond;
        bench.Tell(new(8, "rebuild of every read model", "≥ 250,000 events/s or ≥ 0.50 of COPY", Text($"{fold.PerSecond:N0} events/s, {ratio:0.00} of COPY ({copy.PerSecond:N0})"), Text($"{fold.Slowest:N0} – {fold.Fastest:N0}"), fold.PerSecond >= 250_000 || ratio >= 0.5));
        var slower = during.WorstMilliseconds(0.99) / before.WorstMilliseconds(0.99);
        bench.Tell(new(8, "p99 of reports meanwhile, of the idle one", "≤ 2", Text($"{slower:0.0} ({during.WorstMilliseconds(0.99):0} of {before.WorstMilliseconds(0.99):0} ms)"), "", slower <= 2));
        bench.Tell(new(8, "memory of the rebuilding process", "≤ 500 MB", Text($"{fold.ResidentBytes / MiB:0} MB"), "", fold.ResidentBytes / MiB <= 500));
    }

    // A service that has millions of events to number and to log is not ready, and not idle: neither is what this question is about.
    private static async Task CatchUpAsync(BenchDatabase database, long filling)
    {
        while (true)
        {
            await using var command = database.DataSource.CreateCommand("select exists (select from ledger.tenant_heads h left join ledger.log_heads l using (tenant_id) where h.position > coalesce(l.size, 0))");
            if (await command.ExecuteScalarAsync() is false) break;
            if (Stopwatch.GetElapsedTime(filling) > LongestCatchUp) throw new InvalidOperationException("The log does not catch up.");
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
        Console.WriteLine(Text($"  sealed and logged all of them {Stopwatch.GetElapsedTime(filling).TotalSeconds:0} s after the filling began"));
    }

    private static async Task<LoopResult> CopyAsync(BenchDatabase database)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var patience = new Npgsql.NpgsqlCommand("set local statement_timeout = 0", connection)) await patience.ExecuteNonQueryAsync();
        long events;
        await using (var count = new Npgsql.NpgsqlCommand("select count(*) from ledger.mt_events", connection) { CommandTimeout = 0 }) events = (long)(await count.ExecuteScalarAsync())!;
        var (started, latencies, buffer) = (Stopwatch.GetTimestamp(), new Latencies(), new byte[256 * 1024]);
        await using (var rows = await connection.BeginRawBinaryCopyAsync("""copy (select tenant_id, stream_id, type, "timestamp", data from ledger.mt_events order by seq_id) to stdout (format binary)"""))
        {
            while (await rows.ReadAsync(buffer, CancellationToken.None) > 0) { }
        }
        latencies.Add(Stopwatch.GetElapsedTime(started));
        return new(events, Stopwatch.GetElapsedTime(started), latencies);
    }

    private static async Task<Sample> RebuildAsync(BenchDatabase database)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Q08Rebuilding).Assembly.Location, ChildArgument]) { RedirectStandardOutput = true };
        start.Environment["ConnectionStrings__Ledger"] = database.ConnectionString;
        using var child = Process.Start(start)!;
        AppDomain.CurrentDomain.ProcessExit += Kill;
        var answer = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        AppDomain.CurrentDomain.ProcessExit -= Kill;
        if (child.ExitCode != 0) throw new InvalidOperationException($"The rebuild failed: {answer}");
        var result = JsonNode.Parse(answer)!;
        var (events, elapsed, latencies) = ((long)result["events"]!, TimeSpan.FromSeconds((double)result["seconds"]!), new Latencies());
        latencies.Add(elapsed);
        return new("", Rebuild, events, elapsed, latencies)
        {
            ResidentBytes = (long)result["resident_bytes"]!, ServiceProcessor = TimeSpan.FromSeconds((double)result["cpu_seconds"]!), DatabaseProcessor = TimeSpan.FromSeconds(Sum("database_cpu_seconds")), More = Phases(),
        };

        double Sum(string figure) => result["phases"]!.AsArray().Sum(phase => (double)phase![figure]!);

        // What the parts took: for whoever asks where the time went.
        Dictionary<string, double> Phases()
        {
            var figures = new Dictionary<string, double>();
            foreach (var phase in result["phases"]!.AsArray())
            {
                Console.WriteLine(Text($"    {(string)phase!["name"]!,-22} {(long)phase["rows"]!,12:N0} rows {(double)phase["seconds"]!,7:0.0} s, processor {(double)phase["cpu_seconds"]!,5:0.0} s here, {(double)phase["database_cpu_seconds"]!,5:0.0} s PostgreSQL"));
                foreach (var figure in (string[])["rows", "seconds", "cpu_seconds", "database_cpu_seconds"]) figures[$"{(string)phase["name"]!}: {figure}"] = (double)phase[figure]!;
            }
            return figures;
        }

        void Kill(object? sender, EventArgs e) => child.Kill();
    }
}
