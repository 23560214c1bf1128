using System.Diagnostics;
using System.Text.Json.Nodes;
using Ledger.Bench.Bare;
using Ledger.Bench.Ledgers;
using Ledger.Bench.Load;
using Ledger.Bench.Results;
using Ledger.Bench.Service;
using Ledger.Clients;
using Ledger.Projections.Systems;
using static Ledger.Bench.Bench;

namespace Ledger.Bench.Questions;

/// <summary>Records in by NDJSON, one request, against COPY of the very rows it wrote; and the service's memory while two million come in.</summary>
internal sealed class Q04Importing : IQuestion
{
    private const double MiB = 1_048_576;
    private const string Indexed = "COPY into the same tables";
    private const string Bare = "COPY into tables without indexes";
    private const string Ndjson = "NDJSON, 1 connection";
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    public int Line => 4;
    public string Name => "importing";

    public async Task AskAsync(Bench bench)
    {
        await using var database = await NewDatabaseAsync();
        await using var twin = await NewDatabaseAsync();
        await BareCopy.CreateBareTablesAsync(twin);
        await using var service = await bench.StartServiceAsync(database);
        var records = bench.Plan.Imported;
        var @case = Text($"{records:N0} records");
        var copy = new BareCopy();
        try
        {
            var series = await bench.CompareAsync(Name,
                (@case, Ndjson, async () =>
                {
                    var (tenant, key) = await CompanyAsync(database);
                    var sample = await WatchAsync(@case, Ndjson, service, database, () => ImportAsync(service, key, records));
                    await copy.TakeAsync(database, tenant);
                    return sample;
                }
            ),
                (@case, Indexed, () => WatchAsync(@case, Indexed, twin, () => copy.PutAsync(twin, "ledger", records))),
                (@case, Bare, () => WatchAsync(@case, Bare, twin, () => copy.PutAsync(twin, "bare", records))));
            bench.Show("4 · Records in", series, Indexed);
            var ratio = series[0].PerSecond / series[1].PerSecond;
            bench.Tell(new(4, "records in by NDJSON, one connection", "≥ 0.40 of COPY into the same tables", Text($"{ratio:0.00} ({series[0].PerSecond:N0} of {series[1].PerSecond:N0} records/s)"), Text($"{series[0].Slowest:N0} – {series[0].Fastest:N0}"), ratio >= 0.4));
            bench.Tell(new(4, "the same, absolute", "≥ 40,000 records/s", Text($"{series[0].PerSecond:N0} records/s"), Text($"{series[0].Slowest:N0} – {series[0].Fastest:N0}"), series[0].PerSecond >= 40_000));
            bench.Tell(new(4, "the same, of COPY into tables without indexes", "–", Text($"{series[0].PerSecond / series[2].PerSecond:0.00} (of {series[2].PerSecond:N0} records/s)"), "", null));
        }
        finally
        {
            copy.Delete();
        }
        await LargeAsync(bench);
    }

    private async Task LargeAsync(Bench bench)
    {
        await using var database = await NewDatabaseAsync();
        await using var service = await bench.StartServiceAsync(database);
        var (_, key) = await CompanyAsync(database);
        var (records, started, resident) = (bench.Plan.LargeImport, Stopwatch.GetTimestamp(), new List<(double Seconds, long Bytes)>());
        var import = ImportAsync(service, key, records);
        while (!import.IsCompleted)
        {
            resident.Add((Stopwatch.GetElapsedTime(started).TotalSeconds, service.ResidentBytes));
            await Task.WhenAny(import, Task.Delay(BetweenLooks));
        }
        var loop = await import;
        var @case = Text($"{records:N0} records");
        bench.Keep(Name, @case, Ndjson, [Sample.Of(@case, Ndjson, loop) with { ResidentBytes = resident.Max(look => look.Bytes) }]);
        bench.Note(new JsonObject
        {
            ["question"] = Name, ["case"] = @case, ["resident_over_time"] = new JsonArray([.. resident.Select(look => new JsonArray(Math.Round(look.Seconds, 2), look.Bytes))]),
        });
        var (largest, half) = (resident.Max(look => look.Bytes) / MiB, resident.Take(Math.Max(1, resident.Count / 2)).Max(look => look.Bytes) / MiB);
        bench.Tell(new(4, Text($"service memory while {@case} come in"), "≤ 300 MB, flat", Text($"{largest:0} MB, {half:0} MB in its first half; {loop.PerSecond:N0} records/s"), "", largest <= 300));
    }

    // A company of its own for each import, with one system known: its queue gets a row per record.
    private static async Task<(string Tenant, string ApiKey)> CompanyAsync(BenchDatabase database)
    {
        var registry = new ClientRegistry(database.DataSource);
        var tenant = await registry.CreateTenantAsync("Importing");
        var client = await registry.CreateClientAsync(tenant.TenantId, "importer", "erp", LedgerScopes.All);
        await new SystemRegistry(database.DataSource).EnsureKnownAsync(tenant.TenantId, ReportedItems.System, CancellationToken.None);
        return (tenant.TenantId, client!.ApiKey);
    }

    private static async Task<LoopResult> ImportAsync(ServiceProcess service, string apiKey, int records)
    {
        var started = Stopwatch.GetTimestamp();
        await NdjsonImport.SendAsync(service.Port, apiKey, records);
        var latencies = new Latencies();
        latencies.Add(Stopwatch.GetElapsedTime(started));
        return new(records, Stopwatch.GetElapsedTime(started), latencies);
    }
}
