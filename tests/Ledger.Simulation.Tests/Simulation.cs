using Ledger.Domain;
using Ledger.Simulation.Tests.Clients;
using Ledger.Simulation.Tests.Database;
using Ledger.Simulation.Tests.Service;

namespace Ledger.Simulation.Tests;

/// <summary>One run: clients, three nodes of the service and a database, of which now and then one is killed. The seed and the plan decide everything that happens.</summary>
internal sealed class Simulation
{
    private const int Nodes = 3;
    private const int MostDeliveries = 7;

    private readonly World _world;
    private readonly Node[] _nodes;
    private readonly Dictionary<Node, List<TaskCompletionSource<Answer?>>> _underWay = [];
    private readonly Dictionary<string, List<AttemptId>> _attempts = [];
    private readonly Dictionary<string, List<JobId>> _jobs = [];
    private readonly Dictionary<string, List<IntegrationId>> _integrations = [];

    private Simulation(int seed, Mutant mutant)
    {
        _world = new(seed);
        Database = new(_world, mutant);
        Sealers = new(_world, Database);
        _nodes = [.. Enumerable.Range(0, Nodes).Select(_ => new Node(_world, Database))];
    }

    public SimulatedDatabase Database { get; }

    public Sealers Sealers { get; }

    public List<Observation> Observations { get; } = [];

    public int Kills { get; private set; }

    /// <summary>Commands the nodes were given, repeats and duplicates included.</summary>
    public int Commands { get; private set; }

    public static Simulation Run(int seed, IReadOnlyList<Planned> plan, Mutant mutant = Mutant.None)
    {
        var simulation = new Simulation(seed, mutant);
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(simulation._world);
        try
        {
            simulation.Run(plan);
            return simulation;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private void Run(IReadOnlyList<Planned> plan)
    {
        var clients = Enumerable.Range(0, Plan.Clients).Select(client => ClientAsync(plan.Where(planned => planned.Client == client))).ToList();
        while (!clients.TrueForAll(client => client.IsCompleted))
        {
            if (_world.Chance(Faults.KilledNode)) KillNode();
            if (_world.Chance(Faults.KilledDatabase)) KillDatabase();
            if (_world.Chance(Faults.WokenSealer) && !Sealers.AllSealed) Sealers.Wake();
            _world.Step();
        }
        foreach (var client in clients) client.GetAwaiter().GetResult();
        foreach (var node in _nodes) node.Link.IsCalm = true;
        // What is still under way arrives, and everything is sealed. A sealer that skips events would never end.
        for (var step = 0; step < 20_000 && (!_world.IsQuiet || !Sealers.AllSealed); step++)
        {
            if (!Sealers.AllSealed) Sealers.Wake();
            _world.Step();
        }
    }

    private async Task ClientAsync(IEnumerable<Planned> plan)
    {
        foreach (var planned in plan)
        {
            if (planned.Request is Request.Wait) _world.Leap(TimeSpan.FromHours(1));
            if (Resolve(planned) is not { } sent) continue;
            var invoked = Database.Commits;
            for (var delivery = 0; delivery < MostDeliveries; delivery++)
            {
                if (_world.Chance(Faults.DuplicatedRequest)) _ = DeliverAsync(sent, delivery + 100, invoked);
                var answer = await DeliverAsync(sent, delivery, invoked);
                // Without a key nobody can tell whether it was carried out: such a client gives up, or takes its chance once.
                if (answer is { Status: not (503 or 409) } || (!planned.Key && delivery > 0)) break;
            }
        }
    }

    private async Task<Answer?> DeliverAsync(Sent sent, int delivery, long invoked)
    {
        await _world.PauseAsync();
        var node = _nodes[_world.Next(Nodes)];
        var arrives = new TaskCompletionSource<Answer?>();
        if (!_underWay.TryGetValue(node, out var underWay)) _underWay.Add(node, underWay = []);
        underWay.Add(arrives);
        Commands++;
        _ = HandleAsync(node, sent, delivery, arrives);
        var answer = await arrives.Task;
        underWay.Remove(arrives);
        var observation = new Observation(sent, delivery, invoked, Database.Commits, answer);
        Observations.Add(observation);
        Learn(sent.Planned.TenantId, observation.Reply);
        return answer;
    }

    private async Task HandleAsync(Node node, Sent sent, int delivery, TaskCompletionSource<Answer?> arrives)
    {
        var answer = await node.HandleAsync(sent, delivery);
        await _world.PauseAsync();
        arrives.TrySetResult(answer);
    }

    private void KillNode()
    {
        var index = _world.Next(Nodes);
        var node = _nodes[index];
        node.Link.IsCut = true;
        _nodes[index] = new(_world, Database);
        Kills++;
        if (!_underWay.Remove(node, out var underWay)) return;
        foreach (var arrives in underWay.ToList()) _world.Post(() => arrives.TrySetResult(null));
    }

    private void KillDatabase()
    {
        Database.Crash();
        Kills++;
    }

    private Sent? Resolve(Planned planned)
    {
        var (tenant, request) = (planned.TenantId, planned.Request);
        return request switch
        {
            Request.Wait => null,
            Request.Finish finish => Nth(_attempts, tenant, finish.Nth) is { } attempt ? new(planned, attempt, null, null) : null,
            Request.Cancel cancel => Nth(_attempts, tenant, cancel.Nth) is { } attempt ? new(planned, attempt, null, null) : null,
            Request.MoveJob move => Nth(_jobs, tenant, move.Nth) is { } job ? new(planned, null, job, null) : null,
            Request.UpdateItems update => Nth(_jobs, tenant, update.Nth) is { } job ? new(planned, null, job, null) : null,
            Request.MoveIntegration move => Nth(_integrations, tenant, move.Nth) is { } integration ? new(planned, null, null, integration) : null,
            _ => new(planned, null, null, null),
        };
    }

    private void Learn(string tenantId, Reply? reply)
    {
        if (reply is { Attempt: { } attempt } && AttemptId.TryParse(attempt, out var id)) Add(_attempts, tenantId, id);
        if (reply is { Job: { } job }) Add(_jobs, tenantId, new(Guid.Parse(job)));
        if (reply is { Integration: { } integration }) Add(_integrations, tenantId, new(integration));
    }

    private static void Add<T>(Dictionary<string, List<T>> known, string tenantId, T id)
    {
        if (!known.TryGetValue(tenantId, out var ids)) known.Add(tenantId, ids = []);
        if (!ids.Contains(id)) ids.Add(id);
    }

    private static T? Nth<T>(Dictionary<string, List<T>> known, string tenantId, int nth) where T : struct =>
        known.TryGetValue(tenantId, out var ids) ? ids[^(1 + (nth % ids.Count))] : null;
}
