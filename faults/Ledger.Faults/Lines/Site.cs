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
    /// <summary>How long anything may take before the line is given up: a machine under load is no finding.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private int _phase;
    private int _restarts;

    private Site(Cluster cluster, FaultProxy? proxy, List<ServiceNode> nodes) => (Cluster, Proxy, Nodes, DataSource) = (cluster, proxy, nodes, Questions(cluster));

    public Cluster Cluster { get; private set; }

    /// <summary>The second server, while there is one.</summary>
    public Cluster? Standby { get; set; }

    public FaultProxy? Proxy { get; }

    public List<ServiceNode> Nodes { get; }

    public List<Tenant> Tenants { get; } = [];

    public List<TimeSpan> Recoveries { get; } = [];

    /// <summary>How often PostgreSQL ended by itself and was started again.</summary>
    public int ServerRestarts { get; private set; }

    /// <summary>For the campaign's own questions.</summary>
    public NpgsqlDataSource DataSource { get; private set; }

    public static async Task<Site> OpenAsync(Plan plan, Setting setting)
    {
        var cluster = await Cluster.StartAsync(setting.Megabytes, setting.Server);
        var proxy = setting.IsProxied ? new FaultProxy(cluster.Port) : null;
        var connection = $"Host=127.0.0.1;Port={proxy?.Port ?? cluster.Port};Username=postgres;Database=postgres;Timeout=5;Maximum Pool Size=40";
        var site = new Site(cluster, proxy, [.. setting.Environments.Select(environment => new ServiceNode(plan.Assembly, connection, environment))]);
        try
        {
            if (setting.IsFollowed) site.Standby = await cluster.FollowAsync();
            await site.PrepareAsync();
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>From now on this is the server; the service reaches it at the address it knows.</summary>
    public async Task MoveToAsync(Cluster cluster)
    {
        await Cluster.DisposeAsync();
        await DataSource.DisposeAsync();
        (Cluster, DataSource) = (cluster, Questions(cluster));
        Proxy!.Target = cluster.Port;
    }

    /// <summary>Loads the nodes while <paramref name="faults"/> runs; then heals, waits until everything is sealed, and judges.</summary>
    public async Task<Result> RunAsync(Plan plan, Setting setting, Func<Site, Task<int>> faults)
    {
        using var stop = new CancellationTokenSource();
        var phase = ++_phase;
        Recoveries.Clear();
        var addresses = Nodes.ConvertAll(node => node.Address);
        var clients = Enumerable.Range(0, plan.Clients).Select(number => new Worker(Tenants[number % Tenants.Count], $"{phase}.{number}", plan.Seed + number, addresses, setting.Repeats, setting.FreshConnections)).ToList();
        var running = clients.ConvertAll(client => client.RunAsync(stop.Token));
        int injected;
        try
        {
            await ProgressAsync(20);
            injected = await faults(this);
            await ProgressAsync(20);
        }
        finally
        {
            await stop.CancelAsync();
        }
        await Task.WhenAll(running);
        // The campaign's own connections may have died with the server.
        DataSource.Clear();
        await SealedAsync();
        List<Finding> findings = [];
        foreach (var tenant in Tenants) findings.Add(Checker.Judge(tenant.Log, await FeedAsync(tenant)));
        var rebuild = await new ReadModelRebuild(DataSource).RunAsync(replace: false);
        var result = new Result(injected)
        {
            Findings = findings,
            Recoveries = [.. Recoveries.Order()],
            Unresolved = clients.Sum(client => client.Unresolved),
            Sent = clients.Sum(client => client.Sent),
            BrokenOff = [.. clients.SelectMany(client => client.BrokenOff)],
            Unhandled = [.. clients.SelectMany(client => client.Unhandled)],
            DifferingRows = [.. rebuild.ReadModels.SelectMany(model => model.Examples.Select(row => $"{model.Name}: {row}"))],
            Wrong = await BackwardsAsync(),
            Remarks = _restarts > 0 ? [$"the service ended by itself {_restarts} times and was started again"] : [],
        };
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
            await RestartEndedAsync();
            if (clock.Elapsed > Patience) throw new InvalidOperationException("Nothing is acknowledged any more.");
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
        await DataSource.DisposeAsync();
        await Cluster.DisposeAsync();
        if (Standby is not null) await Standby.DisposeAsync();
    }

    private async Task PrepareAsync()
    {
        foreach (var node in Nodes) await node.StartAsync();
        var registry = new ClientRegistry(DataSource);
        foreach (var name in new[] { "a", "b" })
        {
            var tenant = await registry.CreateTenantAsync(name);
            var credentials = await registry.CreateClientAsync(tenant.TenantId, name, "erp", LedgerScopes.All);
            Tenants.Add(await RegisterAsync(new(tenant.TenantId, credentials!.ApiKey, name) { ClientId = credentials.Client.ClientId, ClientSecret = credentials.Secret }));
        }
    }

    private async Task<Tenant> RegisterAsync(Tenant tenant)
    {
        var records = new JsonArray([.. Enumerable.Range(1, Tenant.Records).Select(number => (JsonNode)new JsonObject
        {
            ["id"] = $"{number}", ["source_type"] = "card", ["amount"] = new JsonObject { ["value"] = 1250, ["currency"] = "EUR" },
        })]);
        var text = new JsonObject { ["records"] = records }.ToJsonString();
        using var response = await Patiently.SendAsync(() => Signed(HttpMethod.Post, "/ledger/v1/records", tenant, new StringContent(text, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json"))));
        var body = JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
        foreach (var result in body["results"]!.AsArray()) tenant.EntryIds[int.Parse(result!["id"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture)] = result["uuid"]!.GetValue<string>();
        return tenant;
    }

    /// <summary>The tenant's whole history, one event per line.</summary>
    public async Task<List<string>> FeedAsync(Tenant tenant)
    {
        using var response = await Patiently.SendAsync(() =>
        {
            var request = Signed(HttpMethod.Get, "/ledger/v1/events", tenant);
            request.Headers.Accept.Add(new("application/x-ndjson"));
            return request;
        });
        return [.. (await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    /// <summary>Asks the database itself.</summary>
    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private HttpRequestMessage Signed(HttpMethod method, string path, Tenant tenant, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(method, new Uri(Nodes[0].Address, path)) { Content = content };
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{tenant.ApiKey}:")));
        return request;
    }

    /// <summary>Waits until every committed event has its position.</summary>
    public async Task SealedAsync()
    {
        for (var deadline = Stopwatch.StartNew(); deadline.Elapsed < Patience; await Task.Delay(50))
        {
            if (await ScalarAsync<long>("select count(*) from ledger.mt_events e where not exists (select 1 from ledger.event_positions p where p.seq_id = e.seq_id)") == 0) return;
        }
        throw new InvalidOperationException("An event was not sealed within five minutes.");
    }

    // As the service does it, without its time limits.
    private static NpgsqlDataSource Questions(Cluster cluster) => LedgerDataSource.Create(cluster.ConnectionString + ";Options=-c statement_timeout=0 -c lock_timeout=0", "campaign");

    // What a supervisor does. Nobody who kills a process asks for progress before it has started it again.
    private async Task RestartEndedAsync()
    {
        foreach (var node in Nodes.Where(node => node.HasEnded))
        {
            _restarts++;
            await node.StartAsync(wait: false);
        }
        if (Cluster.IsRunning) return;
        ServerRestarts++;
        await Cluster.StartServerAsync();
    }

    private async Task<List<string>> BackwardsAsync()
    {
        await using var command = DataSource.CreateCommand("""
            select count(*) from (select "timestamp" < lag("timestamp") over (partition by tenant_id, stream_id order by version) as is_earlier from ledger.mt_events) e where is_earlier
            """);
        return await command.ExecuteScalarAsync() is > 0L and var count ? [$"{count} events were recorded before the version they follow"] : [];
    }
}
