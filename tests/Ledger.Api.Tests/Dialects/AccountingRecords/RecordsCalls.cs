using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Ledger.Api.Commands;
using Ledger.Api.Tests.Hosting;
using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Domain.Records;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Api.Tests.Dialects.AccountingRecords;

/// <summary>What a connector does, call by call.</summary>
internal static class RecordsCalls
{
    public const string Integration = "/v3/accounting/integration";
    public const string Records = "/v3/accounting/records";
    public const string ExportResults = "/v3/accounting/records/export-results";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static Task<HttpResponseMessage> ConnectAsync(this HttpClient client, string vendor, string account = "org-1") =>
        client.PostAsJsonAsync(Integration, new { vendor, vendor_account_id = account }, Cancelled);

    public static Task<HttpResponseMessage> DisconnectAsync(this HttpClient client, string id) => client.PostAsync($"{Integration}/{id}/disconnect", null, Cancelled);

    public static Task<HttpResponseMessage> ReactivateAsync(this HttpClient client, string id) => client.PostAsync($"{Integration}/{id}/reactivate", null, Cancelled);

    /// <summary>Connects the vendor and gives the integration's id.</summary>
    public static async Task<string> ConnectedAsync(this TestTenant tenant, string vendor, string account = "org-1") =>
        (await (await tenant.Http.ConnectAsync(vendor, account)).OkAsync()).Text("integration_id");

    public static async Task<JsonElement> OkAsync(this HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync(Cancelled);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, body);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        return JsonElement.Parse(body);
    }

    /// <summary>The error body, held to the contract's form: two required members, and <c>details</c> only where these names are in it.</summary>
    public static async Task<JsonElement> RefusedAsync(this HttpResponseMessage answer, int status, string code, params string[] details)
    {
        var body = await answer.Content.ReadAsStringAsync(Cancelled);
        ((int)answer.StatusCode).ShouldBe(status, body);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        var error = JsonElement.Parse(body);
        error.EnumerateObject().Select(member => member.Name).ShouldBe(details.Length == 0 ? ["error_code", "message"] : ["error_code", "message", "details"]);
        error.Text("error_code").ShouldBe(code);
        error.Text("message").ShouldNotBeNullOrWhiteSpace();
        if (details.Length > 0) error.GetProperty("details").EnumerateObject().Select(member => member.Name).ShouldBe(details);
        return error;
    }

    /// <summary>The texts of <c>details</c>, in the order of their names.</summary>
    public static async Task<string[]> RefusedWithAsync(this HttpResponseMessage answer, int status, string code, params string[] details) =>
        [.. (await answer.RefusedAsync(status, code, details)).GetProperty("details").EnumerateObject().Select(detail => detail.Value.GetString()!)];

    public static async Task<JsonElement> QueryAsync(this TestTenant tenant, string query = "") => await (await tenant.Http.GetAsync($"{Records}?{query}", Cancelled)).OkAsync();

    public static async Task<string[]> IdsAsync(this TestTenant tenant, string query = "") => Ids(await tenant.QueryAsync(query));

    public static string[] Ids(JsonElement page) => [.. page.GetProperty("items").EnumerateArray().Select(record => record.Text("id"))];

    public static async Task<JsonElement> RecordAsync(this TestTenant tenant, string id, string query = "") =>
        await (await tenant.Http.GetAsync($"{Records}/{Uri.EscapeDataString(id)}?{query}", Cancelled)).OkAsync();

    public static async Task<string> StatusAsync(this TestTenant tenant, string id) => (await tenant.RecordAsync(id)).Text("review_status");

    public static object Success(string id, string? reference = "JE-1") => new { accounting_record_id = id, success = new { reference_id = reference } };

    public static object Failure(string id, string message = "Account 6110 is closed") => new { accounting_record_id = id, failure = new { error_message = message } };

    public static Task<HttpResponseMessage> ReportAsync(this TestTenant tenant, params object[] results) => tenant.Http.PostAsJsonAsync(ExportResults, new { results }, Cancelled);

    public static async Task<string[]> ReportedAsync(this TestTenant tenant, params object[] results) =>
        (await (await tenant.ReportAsync(results)).OkAsync()).Texts("updated_accounting_record_ids");

    /// <summary>An act of the platform or of another dialect on the item.</summary>
    public static async Task ActAsync(this TestTenant tenant, LedgerHost host, string system, string id, ItemCommand command)
    {
        var reports = (await host.ServicesAsync()).GetRequiredService<ReportResults>();
        var (outcomes, _) = await reports.EachAsync(tenant.Context, new SystemId(system), [(new RecordId(id), command)], Cancelled);
        outcomes.ShouldHaveSingleItem().Refusal.ShouldBeNull();
    }

    public static async Task ChangeAsync(this TestTenant tenant, LedgerHost host, string id, RecordCommand command) =>
        (await (await host.ServicesAsync()).GetRequiredService<ChangeRecord>().HandleAsync(tenant.Context, new RecordId(id), command, Cancelled)).ShouldBeNull();

    public static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    public static string[] Texts(this JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];
}
