using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.Clients;
using Ledger.EventStore;
using Ledger.Faults.Clients;
using Ledger.Faults.History;
using Ledger.Faults.Machines;
using Ledger.Projections.Rebuild;
using Npgsql;
using Tenant = Ledger.Faults.Clients.Tenant;

namespace Ledger.Faults.Lines;

/// <summary>A database, nodes of the service on it, and two tenants under load: what every line of the campaign breaks in its own way.</summary>
internal sealed class Site : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(60) };
    private readonly NpgsqlDataSource _dataSource;

    private Site(Cluster cluster, FaultProxy? proxy, List<ServiceNode> nodes, NpgsqlDataSource dataSource) => (Cluster, Proxy, Nodes, _dataSource) = (cluster, proxy, nodes, dataSource);

    public Cluster Cluster { get; }

    public FaultProxy? Proxy { get; }

    public List<ServiceNode> Nodes { get; }

    public List<Tenant> Tenants { get; } = [];

    public List<TimeSpan> Recoveries { get; } = [];

    public NpgsqlDataSource DataSource => _dataSource;

    /// <param name="proxied">Whether the nodes reach PostgreSQL through a <see cref="FaultProxy"/>.</param>
    public static async Task<Site> OpenAsync(string assembly, int nodes, bool proxied, int? megabytes = null)
    {
        var cluster = await Cluster.StartAsync(megabytes);
        var proxy = proxied ? new FaultProxy(cluster.Port) : null;
        var connection = $"Host=127.0.0.1;Port={proxy?.Port ?? cluster.Port};Username=postgres;Database=postgres;Timeout=5;Maximum Pool Size=40";
        var site = new Site(cluster, proxy, [.. Enumerable.Range(0, nodes).Select(_ => new ServiceNode(assembly, connection))], LedgerDataSource.Create(cluster.ConnectionString, "campaign"));
        try
        {
            await site.PrepareAsync();
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>Loads the nodes while <paramref name="faults"/> runs; then heals, waits until everything is sealed, and judges.</summary>
    public async Task<Result> RunAsync(string name, int seed, int workers, Func<Site, Task<int>> faults, bool repeats = false, bool freshConnections = false)
    {
        var clock = Stopwatch.StartNew();
        using var stop = new CancellationTokenSource();
        var addresses = Nodes.ConvertAll(node => node.Address);
        var clients = Enumerable.Range(0, workers).Select(number => new Worker(Tenants[number % Tenants.Count], number, seed + number, addresses, repeats, freshConnections)).ToList();
        var running = clients.ConvertAll(client => client.RunAsync(stop.Token));
        await ProgressAsync(20);
        var injected = await faults(this);
        await ProgressAsync(20);
        await stop.CancelAsync();
        await Task.WhenAll(running);
        // The campaign's own connections may have died with the server.
        _dataSource.Clear();
        await SealedAsync();
        List<Finding> findings = [];
        foreach (var tenant in Tenants) findings.Add(Checker.Judge(tenant.Log, await FeedAsync(tenant)));
        var rebuild = await new ReadModelRebuild(_dataSource).RunAsync(replace: false);
        var result = new Result(name, seed, injected, findings, [.. Recoveries.Order()], clients.Sum(client => client.Unresolved), [.. clients.SelectMany(client => client.BrokenOff)],
            [.. clients.SelectMany(client => client.Unhandled)], [.. rebuild.ReadModels.SelectMany(model => model.Examples.Select(row => $"{model.Name}: {row}"))], clock.Elapsed, repeats ? clients.Sum(client => client.Sent) : null);
        foreach (var client in clients) client.Dispose();
        return result;
    }

    /// <summary>Waits until this many more requests are acknowledged.</summary>
    /// <returns>How long the first of them took.</returns>
    public async Task<TimeSpan> ProgressAsync(int operations)
    {
        var clock = Stopwatch.StartNew();
        long Acknowledged() => Tenants.Sum(tenant => tenant.Log.Acknowledged);
        var (before, first) = (Acknowledged(), TimeSpan.Zero);
        while (Acknowledged() < before + operations)
        {
            if (first == TimeSpan.Zero && Acknowledged() > before) first = clock.Elapsed;
            if (clock.Elapsed > TimeSpan.FromMinutes(3)) throw new InvalidOperationException("Nothing is acknowledged any more.");
            await Task.Delay(2);
        }
        return first == TimeSpan.Zero ? clock.Elapsed : first;
    }

    /// <summary>Notes how long it takes until requests are acknowledged again.</summary>
    public async Task RecoveredAsync(Stopwatch sinceFault)
    {
        var waited = sinceFault.Elapsed;
        Recoveries.Add(waited + await ProgressAsync(5));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes) await node.DisposeAsync();
        Proxy?.Dispose();
        await _dataSource.DisposeAsync();
        await Cluster.DisposeAsync();
    }

    private async Task PrepareAsync()
    {
        foreach (var node in Nodes) await node.StartAsync();
        var registry = new ClientRegistry(_dataSource);
        foreach (var name in new[] { "a", "b" })
        {
            var tenant = await registry.CreateTenantAsync(name);
            var credentials = await registry.CreateClientAsync(tenant.TenantId, name, "erp", LedgerScopes.All);
            Tenants.Add(await RegisterAsync(new(tenant.TenantId, credentials!.ApiKey, name)));
        }
    }

    private async Task<Tenant> RegisterAsync(Tenant tenant)
    {
        var records = new JsonArray([.. Enumerable.Range(1, Tenant.Records).Select(number => (JsonNode)new JsonObject
        {
            ["id"] = $"{number}", ["source_type"] = "card", ["amount"] = new JsonObject { ["value"] = 1250, ["currency"] = "EUR" },
        })]);
        using var request = Signed(HttpMethod.Post, "/ledger/v1/records", tenant);
        request.Content = new StringContent(new JsonObject { ["records"] = records }.ToJsonString(), Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json"));
        using var response = await Http.SendAsync(request);
        var body = JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
        foreach (var result in body["results"]!.AsArray()) tenant.EntryIds[int.Parse(result!["id"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture)] = result["uuid"]!.GetValue<string>();
        return tenant;
    }

    private async Task<List<string>> FeedAsync(Tenant tenant)
    {
        using var request = Signed(HttpMethod.Get, "/ledger/v1/events", tenant);
        request.Headers.Accept.Add(new("application/x-ndjson"));
        using var response = await Http.SendAsync(request);
        return [.. (await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private HttpRequestMessage Signed(HttpMethod method, string path, Tenant tenant)
    {
        var request = new HttpRequestMessage(method, new Uri(Nodes[0].Address, path));
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{tenant.ApiKey}:")));
        return request;
    }

    private async Task SealedAsync()
    {
        for (var deadline = Stopwatch.StartNew(); deadline.Elapsed < TimeSpan.FromMinutes(2); await Task.Delay(50))
        {
            await using var command = _dataSource.CreateCommand("select count(*) from ledger.mt_events e where not exists (select 1 from ledger.event_positions p where p.seq_id = e.seq_id)");
            if (await command.ExecuteScalarAsync() is 0L) return;
        }
        throw new InvalidOperationException("An event was not sealed within two minutes.");
    }
}
