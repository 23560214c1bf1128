using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.Clients;
using Ledger.Faults.Lines;

namespace Ledger.Faults.Fuzzing;

/// <summary>A tenant that has one of everything, so that requests of it get as deep into the service as they can.</summary>
internal sealed class World
{
    private readonly Dictionary<IdKind, List<string>> _ids = [];
    private readonly Dictionary<string, string> _cursors = [];
    private readonly Dictionary<string, string> _keys = [];
    private readonly Wire _wire;

    private World(Uri service, string tenantId, IssuedCredentials credentials, string mark) => (_wire, TenantId, Credentials, Mark) = (new(service), tenantId, credentials, mark);

    public string TenantId { get; }

    public IssuedCredentials Credentials { get; }

    /// <summary>In the text of every record, so that it shows wherever it should not.</summary>
    public string Mark { get; }

    public string Authorization => $"Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes($"{Credentials.ApiKey}:"))}";

    /// <summary>Every id it has, longest first: one may be part of another.</summary>
    public IEnumerable<string> Ids => _ids.Where(pair => pair.Key is not (IdKind.Position or IdKind.Tile or IdKind.System)).SelectMany(pair => pair.Value).Concat(_cursors.Values).Append(TenantId).Distinct().OrderByDescending(id => id.Length);

    /// <param name="first">Of its records' numbers: other worlds have others.</param>
    public static async Task<World> BuildAsync(Site site, string name, int first, int records)
    {
        var registry = new ClientRegistry(site.DataSource);
        var tenant = await registry.CreateTenantAsync(name);
        var credentials = await registry.CreateClientAsync(tenant.TenantId, name, "erp", LedgerScopes.All);
        var world = new World(site.Nodes[0].Address, tenant.TenantId, credentials!, $"mark-of-{name}");
        await world.FillAsync(name, first, records);
        await world.LoggedAsync(site);
        // After a first checkpoint another one, so that their list has a second page.
        await world.PostAsync("POST /ledger/v1/systems/{system_id}/results", new JsonObject { ["results"] = new JsonArray(new JsonObject { ["record_id"] = $"{first + 32}", ["outcome"] = "exported" }) }, $"erp-{name}");
        await world.LoggedAsync(site);
        return world;
    }

    /// <returns>Null when there is nothing of the kind.</returns>
    public string? Any(IdKind kind, PublishedOperation operation, Random? random = null) => kind switch
    {
        IdKind.Cursor => _cursors.GetValueOrDefault(operation.Name) ?? _cursors.Values.FirstOrDefault(),
        IdKind.Key => _keys.GetValueOrDefault(operation.Name) ?? _keys.Values.First(),
        _ => _ids.TryGetValue(kind, out var known) ? known[random?.Next(known.Count) ?? 0] : null,
    };

    /// <summary>Asks every list for one row, and keeps the cursor that comes with it.</summary>
    public async Task CollectCursorsAsync(IEnumerable<PublishedOperation> operations)
    {
        foreach (var operation in operations.Where(operation => operation.Parameters.Any(parameter => IdKinds.Of(operation, parameter.Name) == IdKind.Cursor)))
        {
            var filling = new Filling(this, operation);
            var answer = await SendAsync(new(operation.Method, filling.Target(parameter => parameter.Name == "limit" ? "1" : filling.IsNeeded(parameter) ? "" : null), operation.IsWrite ? Encoding.UTF8.GetBytes("{}") : null));
            if (answer.Status != 200) continue;
            var cursor = JsonText.Places(JsonNode.Parse(answer.Body)).FirstOrDefault(place => place.Member is "next_cursor" or "endCursor" && place.Value is JsonValue)?.Value;
            if (cursor is not null) _cursors[operation.Name] = cursor.GetValue<string>();
        }
    }

    /// <summary>Whoever signs in shows its credentials in the body alone.</summary>
    public Task<Answer> SendAsync(Request request) => _wire.SendAsync(request.ToBytes(request.Target.StartsWith("/oauth2/", StringComparison.Ordinal) ? "" : Authorization, Guid.CreateVersion7().ToString()));

    private async Task FillAsync(string name, int first, int records)
    {
        var erp = $"erp-{name}";
        Know(IdKind.System, erp);
        Know(IdKind.Company, TenantId);
        Know(IdKind.Tile, "0/000");
        Know(IdKind.Client, Credentials.Client.ClientId);
        Know(IdKind.VendorAccount, $"account-{name}");
        Know(IdKind.Integration, await MakeAsync("POST /v3/accounting/integration", new JsonObject { ["vendor"] = "NORTHLEDGER", ["vendor_account_id"] = $"account-{name}" }, "integration_id"));
        // Two, so that their list has a second page.
        for (var webhook = 0; webhook < 2; webhook++) Know(IdKind.Webhook, await MakeAsync("POST /v1/webhooks", new JsonObject { ["url"] = "http://127.0.0.1:9/hook", ["event_types"] = new JsonArray("ACCOUNTING_RECORD_READY_FOR_EXPORT", "v1.export-job.created") }, "id"));
        var results = (await PostAsync("POST /ledger/v1/records", new JsonObject
        {
            ["records"] = new JsonArray([.. Enumerable.Range(first, records).Select(number => (JsonNode)new JsonObject
            {
                ["id"] = $"{number}", ["source_type"] = "card", ["text"] = Mark, ["amount"] = new JsonObject { ["value"] = 1250, ["currency"] = "EUR" }, ["counterparty"] = new JsonObject { ["name"] = Mark },
            })]),
        }))["results"]!.AsArray();
        foreach (var result in results)
        {
            Know(IdKind.Record, result!["id"]!.GetValue<string>());
            Know(IdKind.EntryNumber, result["number"]!.ToString());
            Know(IdKind.EntryUuid, result["uuid"]!.GetValue<string>());
        }
        JsonArray Entries(int from) => [.. _ids[IdKind.EntryUuid].Skip(from).Take(4).Select(id => (JsonNode)id)];
        // A company has one unfinished job at most: the first has failed, the second is open.
        Task<string> JobAsync(int from) => MakeAsync("POST /v3/export-jobs", new JsonObject { ["companyId"] = TenantId, ["accountingEntryIds"] = Entries(from) }, "data", "id");
        var ended = await JobAsync(5);
        foreach (var @event in new[] { new JsonObject { ["jobId"] = ended, ["event"] = "started" }, new JsonObject { ["jobId"] = ended, ["event"] = "failed", ["failureReasonType"] = "accounting_system_unreachable", ["failureReason"] = Mark } })
            await SendAsync(new("POST", "/v3/export-job-events", Encoding.UTF8.GetBytes(@event.ToJsonString())));
        Know(IdKind.Job, await JobAsync(0));
        Know(IdKind.Job, ended);
        for (var export = 0; export < 3; export++) Know(IdKind.Export, await MakeAsync("POST /api/v1/accounting-exports", new JsonObject { ["expense_id"] = $"{first + export}", ["target_system"] = erp }, "export_id"));
        for (var batch = 0; batch < 2; batch++) Know(IdKind.Batch, await MakeAsync("POST /api/v1/accounting-exports/batch", new JsonObject { ["expense_ids"] = new JsonArray($"{first + 25 + batch}"), ["target_system"] = erp }, "batch_id"));
        await PostAsync("POST /ledger/v1/systems/{system_id}/results", new JsonObject { ["results"] = new JsonArray(new JsonObject { ["record_id"] = $"{first + 30}", ["outcome"] = "exported", ["external_id"] = Mark }, new JsonObject { ["record_id"] = $"{first + 31}", ["outcome"] = "exported" }) }, erp);
        Know(IdKind.Token, JsonNode.Parse((await SendAsync(new("POST", "/oauth2/token", Encoding.ASCII.GetBytes($"grant_type=client_credentials&client_id={Credentials.Client.ClientId}&client_secret={Credentials.Secret}")) { MediaType = "application/x-www-form-urlencoded" })).Body)!["access_token"]!.GetValue<string>());
        var positions = await UntilAsync("/ledger/v1/events?limit=1", body => body["head"]!.GetValue<long>() >= records ? body : null);
        Know(IdKind.Event, positions["events"]![0]!["id"]!.GetValue<string>());
        await UntilAsync($"/ledger/v1/log/inclusion?position={records}", body => body["size"]);
        Know(IdKind.Position, records.ToString(CultureInfo.InvariantCulture));
        // Of one type, in every world the same: which of them is made first is nobody's to say.
        Know(IdKind.Delivery, (await UntilAsync($"/ledger/v1/webhooks/{_ids[IdKind.Webhook][0]}/deliveries?limit=1000", body => body.AsObject().Select(member => member.Value).OfType<JsonArray>().SelectMany(list => list)
            .FirstOrDefault(delivery => delivery?["event_type"]?.GetValue<string>() == "v1.export-job.created")?["id"])).GetValue<string>());
    }

    // Two worlds that were made alike have logs of the same length once everything is in them.
    private async Task LoggedAsync(Site site)
    {
        for (var deadline = System.Diagnostics.Stopwatch.StartNew(); deadline.Elapsed < Site.Patience; await Task.Delay(50))
        {
            await using var command = site.DataSource.CreateCommand("select count(*) = (select size from ledger.log_heads where tenant_id = $1) from ledger.mt_events where tenant_id = $1");
            command.Parameters.Add(new() { Value = TenantId });
            if (await command.ExecuteScalarAsync() is true) return;
        }
        throw new InvalidOperationException("The log did not get to the last event.");
    }

    private async Task<string> MakeAsync(string operation, JsonObject body, params string[] id)
    {
        JsonNode answer = await PostAsync(operation, body);
        foreach (var member in id) answer = answer[member]!;
        return answer.GetValue<string>();
    }

    private async Task<JsonNode> PostAsync(string operation, JsonObject body, string system = "")
    {
        var key = $"key-{Mark}-{Guid.NewGuid():N}";
        _keys[operation] = key;
        var answer = await SendAsync(new("POST", operation["POST ".Length..].Replace("{system_id}", system, StringComparison.Ordinal), Encoding.UTF8.GetBytes(body.ToJsonString())) { Headers = [("Idempotency-Key", key)] });
        return answer.Status is >= 200 and < 300 ? JsonNode.Parse(answer.Body)! : throw new InvalidOperationException($"{operation} answers {answer.Status} {answer.Text}");
    }

    private async Task<JsonNode> UntilAsync(string path, Func<JsonNode, JsonNode?> found)
    {
        for (var deadline = System.Diagnostics.Stopwatch.StartNew(); deadline.Elapsed < TimeSpan.FromMinutes(2); await Task.Delay(50))
        {
            if (await SendAsync(new("GET", path, null)) is { Status: 200 } answer && found(JsonNode.Parse(answer.Body)!) is { } node) return node;
        }
        throw new InvalidOperationException($"{path} had not what it should have after two minutes.");
    }

    private void Know(IdKind kind, string id)
    {
        if (!_ids.TryGetValue(kind, out var known)) _ids.Add(kind, known = []);
        known.Add(id);
    }
}
