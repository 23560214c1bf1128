using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Ledger.Faults.Lines;
using Ledger.Projections.Rebuild;

namespace Ledger.Faults.Fuzzing;

/// <summary>
/// F11 to F13: cases drawn from the service's own documents, over many connections. Every answer is held against its document, every
/// refusal against the events and keys that are there afterwards, and every read model against the replay.
/// </summary>
internal static class SchemaFuzzing
{
    private const int Connections = 16;

    /// <summary>What a process may hold at its fullest while all this comes in.</summary>
    private const long MostMegabytes = 1_024;

    private delegate Request Drawing(World world, World stranger, PublishedOperation operation, Random random);

    public static Line Malformed { get; } = new("F11 no JSON, and JSON against the schema", plan => RunAsync(plan, plan.Times(50, 10_000), (world, _, operation, random) => MalformedCases.Draw(world, operation, random)));

    public static Line Oversize { get; } = new("F12 more than the limits of everything", plan => RunAsync(plan, plan.Times(20, 600), (world, _, operation, random) => OversizeCases.Draw(world, operation, random)));

    public static Line Injected { get; } = new("F13 injected text and forged cursors", plan => RunAsync(plan, plan.Times(30, 2_000), InjectionCases.Draw));

    /// <param name="perRoute">Cases of each writing route; a reading one gets a tenth.</param>
    private static async Task<Result> RunAsync(Plan plan, int perRoute, Drawing draw)
    {
        await using var site = await Site.OpenAsync(plan, new() { Environments = [new Dictionary<string, string> { ["Ledger__WebhooksAllowPrivate"] = "true" }] });
        var operations = await PublishedOperation.ReadAllAsync(site.Nodes[0].Address);
        var (stranger, judge) = (await World.BuildAsync(site, "idle", 10_000, 40), new AnswerJudge(operations));
        var worlds = new List<World>();
        for (var number = 0; number < 2; number++) worlds.Add(await World.BuildAsync(site, $"fuzz{number}", 20_000, 60));
        foreach (var world in worlds.Append(stranger)) await world.CollectCursorsAsync(operations);
        var idle = await EventsAsync(site, stranger);

        var work = new ConcurrentQueue<(PublishedOperation Operation, int Seed)>(Shuffled(operations.SelectMany((operation, index) =>
            Enumerable.Range(0, operation.IsWrite ? perRoute : (perRoute + 9) / 10).Select(number => (operation, unchecked((plan.Seed * 1_000_003) + (index * 20_011) + number)))), plan.Random()));
        var total = work.Count;
        var (sent, faults) = (new ConcurrentDictionary<string, (int Status, string Tenant)>(), new ConcurrentBag<(string Fault, PublishedOperation Operation, int Seed, Request Request, Answer Answer)>());
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(number => Task.Run(async () =>
        {
            using var wire = new Wire(site.Nodes[0].Address);
            var world = worlds[number % worlds.Count];
            while (work.TryDequeue(out var next))
            {
                var random = new Random(next.Seed);
                var request = draw(world, stranger, next.Operation, random);
                var name = string.Create(CultureInfo.InvariantCulture, $"case.{next.Seed}");
                // Whatever is refused leaves its key free.
                if (next.Operation is { IsWrite: true, IsSignIn: false } && (random.Next(4) == 0 || next.Operation.Path == "/v1/webhooks") && !request.Headers.Exists(header => header.Name == "Idempotency-Key")) request.Headers.Add(("Idempotency-Key", name));
                var answer = await wire.SendAsync(request.ToBytes(next.Operation.IsSignIn ? "" : world.Authorization, name));
                sent[name] = (answer.Status, world.TenantId);
                if (judge.Fault(next.Operation, request, answer) is { } fault) faults.Add((fault, next.Operation, next.Seed, request, answer));
            }
        })));
        var seconds = clock.Elapsed.TotalSeconds;

        List<string> wrong = [.. await EffectsAsync(site, sent)];
        if (await EventsAsync(site, stranger) is var now && now != idle) wrong.Add($"a tenant nobody wrote for had {idle} events and has {now}");
        var peak = site.Nodes[0].PeakMegabytes;
        if (peak > MostMegabytes) wrong.Add($"the service held {peak} MB");
        // One line per kind of fault and operation, with the shortest request that shows it.
        var kinds = faults.GroupBy(fault => (fault.Fault, fault.Operation.Name)).Select(kind => (kind.Key, Count: kind.Count(), Least: kind.MinBy(fault => fault.Request.Describe().Length)))
            .Select(kind => $"{kind.Key.Name}: {kind.Key.Fault}, {kind.Count} times; shortest, seed {kind.Least.Seed}: {kind.Least.Request.Describe()} → {(kind.Least.Answer.Text is { Length: > 300 } text ? text[..300] : kind.Least.Answer.Text)}").Order(StringComparer.Ordinal).ToList();
        var rebuild = await new ReadModelRebuild(site.DataSource).RunAsync(replace: false);
        int Sum(Func<int, bool> isOne) => sent.Values.Count(one => isOne(one.Status));
        return new Result(total)
        {
            Sent = total,
            Unhandled = [.. kinds.Where(kind => kind.Contains(": 5", StringComparison.Ordinal))],
            Wrong = [.. kinds.Where(kind => !kind.Contains(": 5", StringComparison.Ordinal)), .. wrong],
            DifferingRows = [.. rebuild.ReadModels.SelectMany(model => model.Examples.Select(row => $"{model.Name}: {row}"))],
            Remarks =
            [
                $"{operations.Count(operation => operation.IsWrite)} writing routes × {perRoute:N0} cases, {operations.Count(operation => !operation.IsWrite)} reading ones × {(perRoute + 9) / 10:N0}, {total / seconds:N0} requests/s; {Sum(status => status is >= 200 and < 400):N0} accepted, "
                + $"{Sum(status => status is >= 400 and < 500 and not 429):N0} refused, {Sum(status => status == 429):N0} × 429, {Sum(status => status == 503):N0} × 503, {Sum(status => status == 0):N0} connections ended; at most {peak} MB in memory",
            ],
        };
    }

    // Every event and every key names the request it is from.
    private static async Task<List<string>> EffectsAsync(Site site, ConcurrentDictionary<string, (int Status, string Tenant)> sent)
    {
        List<string> wrong = [];
        await using var command = site.DataSource.CreateCommand("""
            select correlation_id, tenant_id, count(*) || ' events' from ledger.mt_events where correlation_id like 'case.%' and type not in ('job_completed', 'export_abandoned') group by 1, 2
            union all select key, tenant_id, 'a key' from ledger.idempotency_keys where key like 'case.%'
            """);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var (name, tenant, what) = (reader.GetString(0), reader.GetString(1), reader.GetString(2));
            if (!sent.TryGetValue(name, out var request)) wrong.Add($"{what} from {name}, which was never sent");
            else if (request.Status is >= 400 and < 500) wrong.Add($"{name} was refused with {request.Status} and left {what}");
            else if (request.Tenant != tenant) wrong.Add($"{name} of {request.Tenant} left {what} with {tenant}");
        }
        return wrong;
    }

    private static async Task<long> EventsAsync(Site site, World world)
    {
        await using var command = site.DataSource.CreateCommand("select count(*) from ledger.mt_events where tenant_id = $1");
        command.Parameters.Add(new() { Value = world.TenantId });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static T[] Shuffled<T>(IEnumerable<T> items, Random random)
    {
        T[] all = [.. items];
        random.Shuffle(all);
        return all;
    }
}
