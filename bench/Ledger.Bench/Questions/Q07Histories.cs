using Ledger.Bench.Ledgers;
using Ledger.Bench.Load;
using Ledger.Bench.Results;
using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.EventStore;
using Ledger.EventStore.Sealing;
using Ledger.Projections;
using Ledger.Projections.Items;
using Ledger.Projections.Past;
using Ledger.Projections.Records;
using Ledger.Projections.Timelines;
using Ledger.Projections.Writing;
using static Ledger.Bench.Bench;

namespace Ledger.Bench.Questions;

/// <summary>The timeline of an item, and its state at a past moment, under row-level security, against reading the same events as the owner and doing nothing with them.</summary>
internal sealed class Q07Histories : IQuestion
{
    private const string Bare = "bare stream read";
    private const string Timeline = "timeline";
    private const string OfAllSystems = "timeline of the record in all systems";
    private const string AsOfState = "as_of state";
    private static readonly RecordId Record = new("1");

    public int Line => 7;
    public string Name => "histories";

    public async Task AskAsync(Bench bench)
    {
        var all = new List<Series>();
        foreach (var events in (int[])[10, 100, 1_000])
        {
            await using var database = await NewDatabaseAsync();
            var store = new EventStore.EventStore(database.DataSource);
            await PrepareAsync(store, events);
            await using var service = await bench.StartServiceAsync(database);
            using var connection = await HttpConnection.OpenAsync(service.Port, BenchDatabase.ApiKey);
            // As the service reads: the role is there since it has started.
            await using var requests = LedgerDataSource.CreateForRequests(database.ConnectionString, "bench");
            var (timelines, past, slice, @case) = (new TimelinePages(requests), new PastStates(requests), bench.Plan.Slice / 2, Text($"{events:N0} events"));
            var now = await AsOf.NowAsync(database.DataSource, BenchDatabase.TenantId, CancellationToken.None);
            string[] streams = [StreamIds.Of(Record), StreamIds.Of(ReportedItems.System, Record)];

            Task<Sample> LibraryAsync(string variant, Func<Task> read) => WatchAsync(@case, variant, database, () => Loops.ClosedAsync(1, slice, async _ => { await read(); return 1; }));
            Task<Sample> HttpAsync(string variant, string path) => WatchAsync(@case, variant, service, database, () => Loops.ClosedAsync(1, slice, async _ => { await connection.SendAsync("GET", path); return 1; }));
            var series = await bench.CompareAsync(Name,
                (@case, Bare, () => LibraryAsync(Bare, () => BareAsync(database, streams, events + 1))),
                (@case, Timeline, () => LibraryAsync(Timeline, () => timelines.OfRecordAsync(new(BenchDatabase.TenantId, 0, null, 1_001), Record, ReportedItems.System, CancellationToken.None))),
                (@case, OfAllSystems, () => LibraryAsync(OfAllSystems, () => timelines.OfRecordAsync(new(BenchDatabase.TenantId, 0, null, 1_001), Record, null, CancellationToken.None))),
                (@case, AsOfState, () => LibraryAsync(AsOfState, () => past.ItemAsync(BenchDatabase.TenantId, ReportedItems.System, Record, now.Position, CancellationToken.None))),
                (@case, "timeline over HTTP", () => HttpAsync("timeline over HTTP", "/ledger/v1/records/1/timeline?system_id=erp&limit=1000")),
                (@case, "as_of state over HTTP", () => HttpAsync("as_of state over HTTP", Text($"/ledger/v1/systems/erp/items/1?as_of_position={now.Position}"))));
            foreach (var one in series.Skip(1).Take(3))
            {
                var ratio = one.PerSecond / series[0].PerSecond;
                bench.Tell(new(7, Text($"{one.Variant}, {@case}"), one.Variant == OfAllSystems ? "–" : "≥ 0.70 of bare stream read", Text($"{ratio:0.00} ({one.PerSecond:N0} of {series[0].PerSecond:N0}/s)"),
                    Text($"{one.Slowest:N0} – {one.Fastest:N0}"), one.Variant == OfAllSystems ? null : ratio >= 0.7));
            }
            foreach (var one in series.Skip(4)) bench.Tell(new(7, Text($"{one.Variant}, {@case}"), "–", Text($"p50 {one.Milliseconds(0.5):0.0} ms, p99 {one.Milliseconds(0.99):0.0} ms"), "", null));
            all.AddRange(series);
        }
        bench.Show("7 · Histories and past states, one client", all, Bare);
    }

    private static async Task PrepareAsync(EventStore.EventStore store, int events)
    {
        var write = new LedgerWrite(BenchDatabase.TenantId);
        write.Append(new RecordSnapshot(Record, Ledger.Domain.Records.RecordState.NotRegistered), ReportedItems.Registered(BenchDatabase.TenantId, Record));
        await write.CommitAsync(store, ReportedItems.Metadata);
        await new Projections.Systems.SystemRegistry(store.DataSource).EnsureKnownAsync(BenchDatabase.TenantId, ReportedItems.System, CancellationToken.None);
        for (var index = 0; index < events; index++)
        {
            var known = await new ItemStates(store.DataSource).LoadAsync(BenchDatabase.TenantId, ReportedItems.System, [Record], CancellationToken.None);
            var report = new LedgerWrite(BenchDatabase.TenantId);
            report.Append(known[Record], new ItemEvent.ItemExported(null, Text($"JE-{index}"), null, null, null));
            await report.CommitAsync(store, ReportedItems.Metadata);
        }
        var sealer = await Sealer.LeadAsync(store.DataSource);
        while (await sealer.SealAsync() > 0) { }
        await using var analyze = store.DataSource.CreateCommand("vacuum analyze");
        await analyze.ExecuteNonQueryAsync();
    }

    private static async Task BareAsync(BenchDatabase database, string[] streams, int expected)
    {
        await using var command = database.DataSource.CreateCommand($"""
            select {EventStore.EventStore.Columns} from ledger.mt_events e left join ledger.event_positions p on p.seq_id = e.seq_id where e.tenant_id = $1 and e.stream_id = any ($2) order by e.seq_id
            """);
        command.Parameters.Add(new() { Value = BenchDatabase.TenantId });
        command.Parameters.Add(new() { Value = streams });
        await using var reader = await command.ExecuteReaderAsync();
        var events = new List<RecordedEvent>();
        while (await reader.ReadAsync()) events.Add(EventStore.EventStore.Recorded(reader));
        if (events.Count != expected) throw new InvalidOperationException($"{events.Count} events were read.");
    }
}
