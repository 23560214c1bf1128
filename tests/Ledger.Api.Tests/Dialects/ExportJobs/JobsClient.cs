using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Ledger.Api.Tests.Hosting;

namespace Ledger.Api.Tests.Dialects.ExportJobs;

/// <summary>One answer, already held against the contract.</summary>
internal sealed record Answer(int Status, string Text)
{
    public JsonElement Body => JsonDocument.Parse(Text).RootElement;
    public string? Type => Body.GetProperty("type").GetString();
    public string Message => Body.GetProperty("message").GetString()!;
    public JsonElement Data => Body.GetProperty("data");
    public List<JsonElement> Rows => [.. Data.EnumerateArray()];
    public List<JsonElement> Errors => [.. Body.GetProperty("errors").EnumerateArray()];
    public JsonElement Pagination => Body.GetProperty("pagination");
    public List<string> Column(string name) => [.. Rows.Select(row => row.GetProperty(name).ToString())];
}

/// <summary>A partner's connector, as far as tests need one. Every answer it gets is checked against the OpenAPI document.</summary>
internal sealed class JobsClient(HttpClient http, string companyId)
{
    public static async Task<(JobsClient Client, TestTenant Tenant)> NewAsync(LedgerHost host)
    {
        var tenant = await host.NewTenantAsync();
        return (new JobsClient(tenant.Http, tenant.Id), tenant);
    }

    public HttpClient Http => http;

    public string CompanyId => companyId;

    public async Task<Answer> SendAsync(HttpMethod method, string address, string? body = null, string mediaType = "application/json")
    {
        using var request = new HttpRequestMessage(method, address);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8) { Headers = { ContentType = MediaTypeHeaderValue.Parse(mediaType) } };
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        ExportJobsContract.ShouldHold(method.Method.ToLowerInvariant(), address.Split('?')[0], (int)response.StatusCode, response.Content.Headers.ContentType?.ToString().Replace(" ", "", StringComparison.Ordinal), text);
        return new((int)response.StatusCode, text);
    }

    public Task<Answer> GetAsync(string address) => SendAsync(HttpMethod.Get, address);
    public Task<Answer> PostAsync(string address, object body) => SendAsync(HttpMethod.Post, address, body as string ?? JsonSerializer.Serialize(body));

    public Task<Answer> CreateAsync(params IEnumerable<Guid> entries) => PostAsync("/v3/export-jobs", new { companyId, accountingEntryIds = entries });

    /// <summary>A new job over these entries; it is pending.</summary>
    public async Task<string> JobAsync(params IEnumerable<Guid> entries)
    {
        var created = await CreateAsync(entries);
        created.Status.ShouldBe(201, created.Text);
        return created.Data.GetProperty("id").GetString()!;
    }

    public async Task<string> StartedJobAsync(params IEnumerable<Guid> entries)
    {
        var job = await JobAsync(entries);
        (await EventAsync(job, "started")).Status.ShouldBe(202);
        return job;
    }

    public Task<Answer> EventAsync(string jobId, string @event, string? failureReasonType = null, string? failureReason = null) =>
        PostAsync("/v3/export-job-events", new { jobId, @event, failureReasonType, failureReason });

    public Task<Answer> PutAsync(string jobId, params object[] items) => SendAsync(HttpMethod.Put, $"/v3/export-jobs/{jobId}/items", JsonSerializer.Serialize(items));

    public async Task<JsonElement> GetJobAsync(string jobId) => (await GetAsync($"/v3/export-jobs/{jobId}")).Data;

    public async Task<JsonElement> GetItemAsync(string jobId, Guid entry) =>
        (await GetAsync($"/v3/export-jobs/{jobId}/items?limit=100")).Rows.Single(row => row.GetProperty("accountingEntryId").GetGuid() == entry);

    public async Task<string> StatusAsync(string jobId) => (await GetJobAsync(jobId)).GetProperty("status").GetString()!;

    public static object Item(Guid entry, string status, string? externalId = null, string? externalUrl = null, string? exportedAt = null, string? failureReasonType = null, string? failureReason = null) =>
        new { accountingEntryId = entry, status, externalId, externalUrl, exportedAt, failureReasonType, failureReason };
}

internal static class Entries
{
    /// <summary>Registers records and gives their UUIDs, which are the accounting entry ids of this contract, in order.</summary>
    public static async Task<Guid[]> EntriesAsync(this TestTenant tenant, int count) => [.. (await tenant.RegisterAsync(ARecord.Many(count))).Select(record => record.Uuid)];

    public static DateTimeOffset Time(this JsonElement row, string name) => DateTimeOffset.Parse(row.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    public static bool IsNull(this JsonElement row, string name) => row.GetProperty(name).ValueKind is JsonValueKind.Null;

    public static string? Text(this JsonElement row, string name) => row.GetProperty(name).GetString();
}
