using System.Globalization;
using System.Text.Json.Nodes;

namespace Ledger.Faults.Clients;

/// <summary>A request one of the five APIs takes.</summary>
/// <param name="Most">Events it may write.</param>
/// <param name="Whole">All of them or none.</param>
/// <param name="Least">Events it has written, going by an acknowledgement.</param>
internal sealed record Call(string Kind, HttpMethod Method, string Path, JsonNode? Body, int Most, bool Whole, Func<JsonNode?, int> Least)
{
    private static readonly string[] Systems = ["erp", "dms"];

    /// <summary>Draws one that makes sense for what the tenant's clients know.</summary>
    public static Call Draw(Tenant tenant, Random random)
    {
        string System() => Systems[random.Next(3) / 2];
        var records = Enumerable.Range(1, Tenant.Records).ToArray();
        random.Shuffle(records);
        // Half of them are about one record: small writes share a transaction.
        var (some, one, success) = (records[..(random.Next(2) == 0 ? 1 : random.Next(2, 9))], records[0], random.Next(3) > 0);
        var reference = $"X-{random.Next(1_000_000)}";
        return random.Next(20) switch
        {
            < 4 => new("native results", HttpMethod.Post, $"/ledger/v1/systems/{System()}/results", Results(some, success, reference), some.Length, false, Applied),
            < 7 => new("native reopen", HttpMethod.Post, $"/ledger/v1/systems/{System()}/reopen", new JsonObject { ["record_ids"] = Names(some), ["reason"] = "restored" }, some.Length, false, Applied),
            < 8 => new("native stage", HttpMethod.Post, $"/ledger/v1/records/{one}/stage", new JsonObject { ["stage"] = random.Next(4) > 0 ? "ready" : "review" }, 1, true, _ => 0),
            < 10 => new("entries mark", HttpMethod.Post, "/v10/accounting-entries/mark-as-exported", Marks(some, System()), some.Length, true, _ => some.Length),
            < 12 => new("records results", HttpMethod.Post, "/v3/accounting/records/export-results", RecordResults(some[..Math.Min(some.Length, 5)], success, reference), Math.Min(some.Length, 5), true, _ => 0),
            < 14 => new("exports one", HttpMethod.Post, "/api/v1/accounting-exports", new JsonObject { ["expense_id"] = $"{one}", ["target_system"] = System(), ["re_export"] = success }, 1, true, _ => 1),
            < 15 => new("exports batch", HttpMethod.Post, "/api/v1/accounting-exports/batch", new JsonObject { ["expense_ids"] = Names(some[..Math.Min(some.Length, 3)]), ["target_system"] = System() }, Math.Min(some.Length, 3) + 2, true, _ => Math.Min(some.Length, 3) + 2),
            < 17 when tenant.AnyExport(random) is { } export => new("exports report", HttpMethod.Put, $"/api/v1/accounting-exports/{export}",
                success ? new JsonObject { ["status"] = "success", ["external_reference"] = "AE" } : new JsonObject { ["status"] = "failed", ["error_message"] = "refused" }, 1, true, _ => 0),
            < 18 when tenant.Job is { } job => new("job items", HttpMethod.Put, $"/v3/export-jobs/{job}/items", JobItems(tenant, some, success), some.Length, false, _ => 0),
            < 19 when tenant.Job is { } job => JobEvent(job, random.Next(4) switch { 0 or 1 => "started", 2 => "completed", _ => "failed" }),
            _ => new("job create", HttpMethod.Post, "/v3/export-jobs", new JsonObject { ["companyId"] = tenant.Id, ["accountingEntryIds"] = new JsonArray([.. some.Select(record => (JsonNode)tenant.EntryIds[record])]) }, some.Length + 1, true, _ => some.Length + 1),
        };
    }

    private static Call JobEvent(string job, string @event) =>
        new($"job {@event}", HttpMethod.Post, "/v3/export-job-events", new JsonObject { ["jobId"] = job, ["event"] = @event }, 1, false, _ => @event == "completed" ? 0 : 1);

    private static int Applied(JsonNode? body) => body!["counts"]!["applied"]!.GetValue<int>();

    private static JsonArray Names(int[] records) => [.. records.Select(record => (JsonNode)record.ToString(CultureInfo.InvariantCulture))];

    private static JsonObject Results(int[] records, bool success, string reference) => new()
    {
        ["results"] = new JsonArray([.. records.Select(record => (JsonNode)(success
            ? new JsonObject { ["record_id"] = $"{record}", ["outcome"] = "exported", ["external_id"] = reference }
            : new JsonObject { ["record_id"] = $"{record}", ["outcome"] = "failed", ["failure"] = new JsonObject { ["type"] = "refused", ["reason"] = reference } }))]),
    };

    private static JsonObject Marks(int[] records, string system) => new()
    {
        ["accounting_entries"] = new JsonArray([.. records.Select(record => (JsonNode)new JsonObject { ["accounting_entry_id"] = record, ["system_id"] = system, ["note"] = "marked" })]),
    };

    private static JsonObject RecordResults(int[] records, bool success, string reference) => new()
    {
        ["results"] = new JsonArray([.. records.Select(record => (JsonNode)(success
            ? new JsonObject { ["accounting_record_id"] = $"{record}", ["success"] = new JsonObject { ["reference_id"] = reference } }
            : new JsonObject { ["accounting_record_id"] = $"{record}", ["failure"] = new JsonObject { ["error_message"] = reference } }))]),
    };

    private static JsonArray JobItems(Tenant tenant, int[] records, bool success) => [.. records.Select(record => (JsonNode)(success
        ? new JsonObject { ["accountingEntryId"] = tenant.EntryIds[record], ["status"] = "successful", ["externalId"] = "EJ" }
        : new JsonObject { ["accountingEntryId"] = tenant.EntryIds[record], ["status"] = "failed", ["failureReasonType"] = "tag_unknown", ["failureReason"] = "refused" }))];
}
