using System.Net;
using Ledger.Api.Tests.Hosting;

namespace Ledger.Api.Tests.Dialects.AccountingExports;

public sealed class BadInputTests(LedgerHost host)
{
    [Theory]
    [InlineData("""{"expense_id":"e1","target_system":"tripletex",}""")]
    [InlineData("""{"expense_id":"e1","expense_id":"e2","target_system":"tripletex"}""")]
    [InlineData("""{"expense_id":"e1","target_system":"tri\u0000pletex"}""")]
    [InlineData("""{"expense_id":"e1","target_system":"\ud800"}""")]
    [InlineData("""{"expense_id":"e1","target_system":"   "}""")]
    [InlineData("""{"expense_id":1,"target_system":"tripletex"}""")]
    [InlineData("""{"expense_id":"e1"}""")]
    [InlineData("""{"expense_id":"e1","target_system":"tripletex","re_export":"yes"}""")]
    [InlineData("""{"expense_id":"e1","target_""")]
    [InlineData("[]")]
    [InlineData("null")]
    public async Task A_bad_body_is_refused_by_name_and_writes_nothing(string body)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("e1"));
        var before = await tenant.CountEventsAsync();

        var (status, problem) = await tenant.Http.SendJsonAsync(HttpMethod.Post, "", body);

        status.ShouldBe(HttpStatusCode.BadRequest);
        problem.Text("error").ShouldBeOneOf("malformed_json", "invalid_request");
        problem["errors"]!.AsArray().ShouldNotBeEmpty();
        (await tenant.CountEventsAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("?page=0")]
    [InlineData("?page=-1")]
    [InlineData("?page=1&page=2")]
    [InlineData("?limit=101")]
    [InlineData("?limit=abc")]
    [InlineData("?status=done")]
    [InlineData("?initiated_from=2026-02-30T00:00:00Z")]
    [InlineData("?initiated_to=yesterday")]
    [InlineData("?target_system=%00")]
    public async Task A_bad_query_is_refused_by_parameter(string query)
    {
        var tenant = await host.NewTenantAsync();
        var (status, problem) = await tenant.Http.FindAsync(query);
        status.ShouldBe(HttpStatusCode.BadRequest);
        problem["errors"]![0]!.Text("pointer").ShouldStartWith("?");
    }

    [Fact]
    public async Task Sql_in_every_string_is_only_text()
    {
        var tenant = await host.NewTenantAsync();
        const string nasty = "'; drop table ledger.mt_events; --%_\\\"";
        await tenant.RegisterAsync(ARecord.Named(nasty));
        var (status, export) = await tenant.Http.ExportAsync(nasty, nasty);
        status.ShouldBe(HttpStatusCode.Accepted);
        await tenant.Http.PutAsync(export.Text("export_id"), new { status = "success", external_reference = nasty });

        var (_, list) = await tenant.Http.FindAsync($"?expense_id={Uri.EscapeDataString(nasty)}&target_system={Uri.EscapeDataString(nasty)}");
        list["data"]![0]!.Text("external_reference").ShouldBe(nasty);
    }

    [Fact]
    public async Task A_batch_of_more_than_1000_and_a_body_of_more_than_a_mebibyte_are_refused()
    {
        var tenant = await host.NewTenantAsync();
        (await tenant.Http.BatchAsync([.. Enumerable.Range(0, 1_001).Select(number => $"e{number}")])).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await tenant.Http.BatchAsync()).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await tenant.Http.ExportAsync(new string('x', 1 << 20))).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await tenant.Http.SendJsonAsync(HttpMethod.Patch, "", "{}")).Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }
}
