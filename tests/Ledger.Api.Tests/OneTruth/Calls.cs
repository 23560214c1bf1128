using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Ledger.Api.Tests.Hosting;

namespace Ledger.Api.Tests.OneTruth;

/// <summary>The calls of the five APIs, as their clients make them.</summary>
internal sealed class Calls(TestTenant tenant, IReadOnlyDictionary<int, Guid> entryIds)
{
    private readonly Dictionary<Guid, int> _records = entryIds.ToDictionary(pair => pair.Value, pair => pair.Key);

    public static object Result(int record, bool success, string reference) => success
        ? new { accounting_record_id = $"{record}", success = new { reference_id = reference } }
        : new { accounting_record_id = $"{record}", failure = new { error_message = "refused" } };

    public string CompanyId => tenant.Id;

    public Guid EntryId(int record) => entryIds[record];

    public int RecordOf(string entryId) => _records[Guid.Parse(entryId)];

    public async Task<(HttpStatusCode Status, JsonNode? Body)> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await tenant.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public async Task<JsonNode> GetAsync(string path)
    {
        var (status, body) = await SendAsync(HttpMethod.Get, path);
        status.ShouldBe(HttpStatusCode.OK, path);
        return body!;
    }
}
