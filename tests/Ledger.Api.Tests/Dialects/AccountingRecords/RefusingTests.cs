using System.Net.Http.Headers;
using System.Text.Json;
using Ledger.Api.Dialects.AccountingRecords;
using Ledger.Api.Errors;
using Ledger.Api.Tests.Hosting;
using Microsoft.AspNetCore.Http;
using static Ledger.Api.Tests.Dialects.AccountingRecords.RecordsCalls;

namespace Ledger.Api.Tests.Dialects.AccountingRecords;

/// <summary>Bad input of every kind: an answer in the contract's own body, nothing written, never a 500.</summary>
public sealed class RefusingTests(LedgerHost host)
{
    private const string Metacharacters = "'; drop table ledger.records; --";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "/v3/accounting", 404, "NOT_FOUND")]
    [InlineData("GET", "/v3/accounting/integrations", 404, "NOT_FOUND")]
    [InlineData("GET", "/v3/accounting/records/export-results", 404, "NOT_FOUND")]
    [InlineData("GET", "/v3/accounting/integration", 405, "INVALID_REQUEST")]
    [InlineData("GET", "/v3/accounting/integration/int_1/disconnect", 405, "INVALID_REQUEST")]
    [InlineData("POST", "/v3/accounting/records", 405, "INVALID_REQUEST")]
    [InlineData("PUT", "/v3/accounting/records/a", 405, "INVALID_REQUEST")]
    public async Task Unknown_paths_and_methods(string method, string path, int status, string code)
    {
        var tenant = await host.NewTenantAsync();
        using var answer = await tenant.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancelled);
        await answer.RefusedAsync(status, code);
    }

    [Theory]
    [InlineData(""), InlineData(" "), InlineData("{"), InlineData("""{"results":[1,]}"""), InlineData("""{"vendor":"A","vendor":"B","vendor_account_id":"1"}""")]
    [InlineData("""{"vendor":"\u0000","vendor_account_id":"1"}"""), InlineData("""{"vendor":"\ud800","vendor_account_id":"1"}"""), InlineData("""{"vendor":"A","vendor_account_id":1e999999}""")]
    [InlineData("""{"results":[{"accounting_record_id":"a","success":{"reference_id":"\u0000"}}]}"""), InlineData("// comment\n{}"), InlineData("{} {}"), InlineData("NaN")]
    public async Task Json_that_cannot_be_read_is_400(string body)
    {
        var tenant = await host.NewTenantAsync();
        foreach (var path in new[] { Integration, ExportResults })
        {
            using var answer = await tenant.Http.PostAsync(path, Json(body), Cancelled);
            await answer.RefusedAsync(400, "INVALID_REQUEST");
        }
        (await tenant.CountEventsAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData(Integration), InlineData(ExportResults)]
    public async Task Too_deep_too_large_and_of_another_media_type(string path)
    {
        var tenant = await host.NewTenantAsync();
        using var deep = await tenant.Http.PostAsync(path, Json($$"""{"x":{{new string('[', 40)}}{{new string(']', 40)}}}"""), Cancelled);
        await deep.RefusedAsync(400, "INVALID_REQUEST");
        using var large = await tenant.Http.PostAsync(path, Json(new string(' ', 1 << 20) + "{}"), Cancelled);
        await large.RefusedAsync(413, "INVALID_REQUEST");
        foreach (var type in new[] { "text/plain", "application/xml", "application/x-www-form-urlencoded" })
        {
            using var content = new StringContent("{}", new MediaTypeHeaderValue(type));
            using var other = await tenant.Http.PostAsync(path, content, Cancelled);
            await other.RefusedAsync(415, "INVALID_REQUEST");
        }
    }

    [Theory]
    [InlineData("single_entry=yes"), InlineData("single_entry=1"), InlineData("single_entry="), InlineData("single_entry=TRUE"), InlineData("single_entry=true&single_entry=true")]
    [InlineData("limit=1&limit=1"), InlineData("review_status=REVIEW&review_status=REVIEW"), InlineData("source_type=CARD&source_type=BILL"), InlineData("cursor=a&cursor=b")]
    [InlineData("ids="), InlineData("ids=a&ids=")]
    [InlineData("updated_at=2026-01-01"), InlineData("updated_at[]=2026-01-01"), InlineData("updated_at[eq]=2026-01-01"), InlineData("updated_at[gt]="), InlineData("updated_at[gt]=2026-01-01&updated_at[gt]=2026-01-02")]
    [InlineData("updated_at[gt]=2026-02-30"), InlineData("updated_at[gt]=2026-01-01T25:00:00Z"), InlineData("updated_at[lte]=yesterday"), InlineData("updated_at[lt]=1767225600"), InlineData("updated_at[gt]=2026-01-01T00:00:00")]
    [InlineData("updated_at[gt]=0001-01-01T00:00:00Z"), InlineData("updated_at[gt]=%00")]
    public async Task A_query_that_cannot_be_read_is_400(string query)
    {
        var tenant = await host.NewTenantAsync();
        using var answer = await tenant.Http.GetAsync($"{Records}?{query}", Cancelled);
        await answer.RefusedAsync(400, "INVALID_REQUEST");
    }

    [Theory]
    [InlineData("updated_at[gt]=9999-12-31T23:59:59.999999Z", 0), InlineData("updated_at[lte]=9999-12-31T23:59:59.999999Z", 1), InlineData("updated_at[gte]=0001-01-02", 1)]
    [InlineData("updated_at[gt]=2026-01-01T01:00:00%2B01:00", 1), InlineData("updated_at[gte]=2026-01-02&updated_at[lt]=2026-01-01", 0), InlineData("unknown=1", 1)]
    public async Task The_ends_of_time_and_unknown_parameters_are_fine(string query, int found)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("a"));
        (await tenant.IdsAsync(query)).Length.ShouldBe(found);
    }

    [Fact]
    public async Task Ids_that_cannot_be_are_unknown_like_any_other()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("a"));
        var tooLong = new string('x', 2_000);
        (await tenant.IdsAsync($"ids={tooLong}&ids=%00&ids={Uri.EscapeDataString(Metacharacters)}&ids=a")).ShouldBe(["a"]);
        foreach (var id in new[] { tooLong, Metacharacters, "%25", "a b" })
        {
            using var get = await tenant.Http.GetAsync($"{Records}/{Uri.EscapeDataString(id)}", Cancelled);
            await get.RefusedAsync(404, "NOT_FOUND");
            await (await tenant.Http.DisconnectAsync(Uri.EscapeDataString(id))).RefusedAsync(404, "NOT_FOUND");
            await (await tenant.ReportAsync(Success(id))).RefusedAsync(404, "NOT_FOUND", "not_found_export_entry_source_ids");
        }
        using var single = await tenant.Http.GetAsync($"{Records}/a?single_entry=perhaps", Cancelled);
        await single.RefusedAsync(400, "INVALID_REQUEST");
    }

    [Fact]
    public async Task Sql_metacharacters_are_only_text()
    {
        var tenant = await host.NewTenantAsync();
        var id = await tenant.ConnectedAsync(Metacharacters, Metacharacters);
        await tenant.RegisterAsync(ARecord.Named(Metacharacters));
        await tenant.ReportedAsync(Failure(Metacharacters, Metacharacters));
        (await tenant.StatusAsync(Metacharacters)).ShouldBe("REVIEW");
        (await (await tenant.Http.DisconnectAsync(id)).OkAsync()).Text("vendor").ShouldBe(Metacharacters);
    }

    [Fact]
    public async Task Row_23_too_many_requests_have_the_originals_generic_body_and_say_when_to_come_back()
    {
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        await AccountingRecordsErrors.Shape.WriteAsync(context, Fault.OfStatus(429) with { RetryAfter = TimeSpan.FromSeconds(7) });
        context.Response.Body.Position = 0;
        var body = (await JsonDocument.ParseAsync(context.Response.Body, cancellationToken: Cancelled)).RootElement;
        body.EnumerateObject().Select(member => member.Name).ShouldBe(["type", "message"]);
        (context.Response.StatusCode, context.Response.Headers.RetryAfter.ToString()).ShouldBe((429, "7"));
    }

    [Fact]
    public async Task Every_fault_of_a_body_is_named()
    {
        var tenant = await host.NewTenantAsync();
        using var answer = await tenant.Http.PostAsync(Integration, Json("""{"vendor":""}"""), Cancelled);
        var message = (await answer.RefusedAsync(400, "INVALID_REQUEST")).Text("message");
        message.ShouldContain("/vendor: ");
        message.ShouldContain("/vendor_account_id: ");
    }
}
