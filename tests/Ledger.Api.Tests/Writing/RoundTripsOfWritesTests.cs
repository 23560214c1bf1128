using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Ledger.Api.Tests.Hosting;

namespace Ledger.Api.Tests.Writing;

/// <summary>How often each writing route talks to PostgreSQL, whatever the number of its items. A cost that slips in shows here before it shows on a clock.</summary>
public sealed class RoundTripsOfWritesTests(LedgerHost host)
{
    private const string Results = "/ledger/v1/systems/erp/results";
    private const string Integration = "/v3/accounting/integration";
    private const string Exports = "/api/v1/accounting-exports";
    private const int Many = 40;

    private static readonly string[] Ids = [.. Enumerable.Range(1, Many).Select(number => $"{number}")];

    [Theory]
    [InlineData(1)]
    [InlineData(Many)]
    public async Task Native_results(int count) =>   // the items' states; events and read models
        await CheckAsync(2, HttpMethod.Post, Results, new { results = Ids[..count].Select(id => new { record_id = id, outcome = "exported", external_id = "JE-1" }) });

    [Fact]
    public async Task Items_that_are_opened_again()
    {
        var tenant = await TenantAsync();
        (await tenant.Http.PostJsonAsync(Results, JsonSerializer.Serialize(new { results = Ids.Select(id => new { record_id = id, outcome = "exported" }) }))).Ok();
        await CheckAsync(tenant, 2, HttpMethod.Post, "/ledger/v1/systems/erp/reopen", new { record_ids = Ids, reason = "restored" });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public async Task Marks(int count) => await CheckAsync(2, HttpMethod.Post, "/v10/accounting-entries/mark-as-exported",
        new { accounting_entries = Ids[..count].Select(id => new { accounting_entry_id = long.Parse(id, System.Globalization.CultureInfo.InvariantCulture), system_id = "erp" }) });

    [Theory]
    [InlineData(1)]
    [InlineData(Many)]
    public async Task Results_of_accounting_records(int count) =>   // which system is connected, too
        await CheckAsync(3, HttpMethod.Post, "/v3/accounting/records/export-results", new { results = Ids[..count].Select(id => new { accounting_record_id = id, success = new { reference_id = "JE-1" } }) });

    [Fact]
    public async Task An_integration_from_its_connection_to_its_return()
    {
        var tenant = await TenantAsync();
        var connection = new { vendor = "NORTHLEDGER", vendor_account_id = "org-1" };
        await CheckAsync(tenant, 5, HttpMethod.Post, Integration, connection);   // which is active; events and read models; a queue for the system, whose commit tracing does not show
        await CheckAsync(tenant, 1, HttpMethod.Post, Integration, connection);
        var id = (await tenant.Http.PostJsonAsync(Integration, JsonSerializer.Serialize(connection))).Ok().Text("integration_id");
        await CheckAsync(tenant, 2, HttpMethod.Post, $"{Integration}/{id}/disconnect", null);
        await CheckAsync(tenant, 2, HttpMethod.Post, $"{Integration}/{id}/reactivate", null);
    }

    [Fact]
    public async Task An_accounting_export() => await CheckAsync(2, HttpMethod.Post, Exports, new { expense_id = "2", target_system = "erp" });

    [Fact]
    public async Task A_batch_of_accounting_exports() => await CheckAsync(2, HttpMethod.Post, Exports + "/batch", new { expense_ids = Ids, target_system = "erp" });

    [Theory]
    [InlineData("PUT")]      // the export, its item; events and read models
    [InlineData("DELETE")]
    public async Task The_end_of_an_accounting_export(string method)
    {
        var tenant = await TenantAsync();
        var export = (await tenant.Http.PostJsonAsync(Exports, """{"expense_id":"2","target_system":"erp"}""")).Json.Text("export_id");
        await CheckAsync(tenant, 3, new HttpMethod(method), $"{Exports}/{export}", method == "PUT" ? new { status = "success", external_reference = "JE-1" } : null);
    }

    [Fact]
    public async Task An_export_job_from_its_beginning_to_its_end()
    {
        var tenant = await TenantAsync();
        var entries = (await tenant.RegisterAsync(ARecord.Many(Many, "of-the-job-"))).Select(record => record.Uuid).ToList();
        // Contra accounts, a job in the way, the items' states; events and read models.
        await CheckAsync(tenant, 4, HttpMethod.Post, "/v3/export-jobs", new { companyId = tenant.Id, accountingEntryIds = entries });
        var job = (await tenant.Http.AskAsync("/v3/export-jobs")).Ok().At("data", 0, "id").GetString();
        await CheckAsync(tenant, 3, HttpMethod.Post, "/v3/export-job-events", new { jobId = job, @event = "started" });
        await CheckAsync(tenant, 2, HttpMethod.Put, $"/v3/export-jobs/{job}/items", entries.Take(10).Select(entry => new { accountingEntryId = entry, status = "successful" }));
        await CheckAsync(tenant, 4, HttpMethod.Post, "/v3/export-job-events", new { jobId = job, @event = "completed" });   // those left are abandoned
    }

    [Theory]
    [InlineData(1)]
    [InlineData(Many)]
    public async Task Records(int count) =>   // what is known, numbers; events and read models
        await CheckAsync(3, HttpMethod.Post, "/ledger/v1/records", new { records = Enumerable.Range(0, count).Select(number => Record($"new-{number}")) });

    [Theory]
    [InlineData(1_000, 3)]
    [InlineData(2_500, 9)]   // per thousand
    public async Task Records_line_by_line(int count, int expected)
    {
        var tenant = await TenantAsync();
        var lines = string.Concat(Enumerable.Range(0, count).Select(number => JsonSerializer.Serialize(Record($"new-{number}")) + "\n"));
        await CheckAsync(tenant, expected, HttpMethod.Post, "/ledger/v1/records", lines, "application/x-ndjson");
    }

    [Fact]
    public async Task A_record_that_changes_its_stage() => await CheckAsync(2, HttpMethod.Post, "/ledger/v1/records/1/stage", new { stage = "review" });

    [Fact]
    public async Task A_record_that_is_withdrawn() => await CheckAsync(2, HttpMethod.Delete, "/ledger/v1/records/1", null);

    private static object Record(string id) => new { id, amount = new { value = 1250, currency = "EUR" }, account = "6640", contra_account = "1920" };

    private async Task<TestTenant> TenantAsync()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync([.. Ids.Append("of-the-first-report").Select(id => ARecord.Named(id))]);
        // A first report: the credential and the system are known now.
        (await tenant.Http.PostJsonAsync(Results, """{"results":[{"record_id":"of-the-first-report","outcome":"exported"}]}""")).Ok();
        return tenant;
    }

    private async Task CheckAsync(int expected, HttpMethod method, string path, object? body) => await CheckAsync(await TenantAsync(), expected, method, path, body);

    private static Task CheckAsync(TestTenant tenant, int expected, HttpMethod method, string path, object? body) =>
        CheckAsync(tenant, expected, method, path, body is null ? "" : JsonSerializer.Serialize(body), "application/json");

    private static async Task CheckAsync(TestTenant tenant, int expected, HttpMethod method, string path, string body, string mediaType)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body.Length > 0) request.Content = new StringContent(body, Encoding.UTF8) { Headers = { ContentType = MediaTypeHeaderValue.Parse(mediaType) } };
        var trips = await RoundTrips.CountAsync(tenant.Http, request);
        trips.Count.ShouldBe(expected, string.Join("\n---\n", trips));
    }
}
