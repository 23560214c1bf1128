using System.Net;
using Ledger.Api.Tests.Hosting;
using Ledger.Domain.Records;

namespace Ledger.Api.Tests.Native;

public sealed class ReadingRecordsTests(LedgerHost host)
{
    private const string Records = "/ledger/v1/records";

    [Fact]
    public async Task Pages_in_the_order_of_numbers_without_gap_or_repetition()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync([.. Enumerable.Range(1, 25).Reverse().Select(number => ARecord.Named($"{number}"))]);
        var (ids, path) = (new List<string?>(), $"{Records}?limit=10");

        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await tenant.Http.AskAsync(path + cursor)).Ok();
            ids.AddRange(page.GetProperty("records").Each("id"));
            cursor = page.GetProperty("next_cursor").GetString() is { } next ? $"&cursor={next}" : null;
        }

        ids.ShouldBe(Enumerable.Range(1, 25).Select(number => $"{number}"));
    }

    [Theory]
    [InlineData("stage=review", "in-review")]
    [InlineData("kind=expense", "an-expense")]
    [InlineData("text=50%25_o", "percent")]
    [InlineData("text=OFFICE&stage=review", "in-review")]
    [InlineData("created_from=2026-02-01T00:00:00Z", "later")]
    [InlineData("created_to=2026-01-15T09:30:00Z", "earlier")]
    [InlineData("updated_from=2026-02-03T00:00:00Z&updated_to=2026-02-03T00:00:01Z", "later")]
    [InlineData("withdrawn=true", "gone")]
    public async Task Filters(string query, string expected)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync([
            ARecord.Named("plain"), ARecord.Named("in-review", stage: Stage.Review), ARecord.Named("an-expense", kind: RecordKind.Expense), ARecord.Named("percent", text: "50%_off"), ARecord.Named("not-percent", text: "50x_off"),
            ARecord.Named("later", createdAt: new(2026, 2, 1, 0, 0, 0, TimeSpan.Zero), updatedAt: new(2026, 2, 3, 0, 0, 0, TimeSpan.Zero)),
            ARecord.Named("earlier", createdAt: new(2026, 1, 15, 9, 29, 59, TimeSpan.Zero)), ARecord.Named("gone")]);
        await tenant.Http.DeleteAsync($"{Records}/gone", TestContext.Current.CancellationToken);

        (await tenant.Http.AskAsync($"{Records}?{query}")).Ok().GetProperty("records").Each("id").ShouldBe([expected]);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=1001")]
    [InlineData("limit=ten")]
    [InlineData("limit=10&limit=20")]
    [InlineData("stage=done")]
    [InlineData("kind=Expense")]
    [InlineData("created_from=2026-02-30T00:00:00Z")]
    [InlineData("created_from=2026-01-01")]
    [InlineData("created_to=2026-01-01T00:00:00+01:00")]
    [InlineData("withdrawn=1")]
    [InlineData("text=")]
    [InlineData("text=%00")]
    [InlineData("cursor=abc")]
    [InlineData("cursor=%F0%9F%98%80")]
    public async Task Refuses_a_malformed_query(string query)
    {
        var tenant = await host.NewTenantAsync();

        var answer = await tenant.Http.AskAsync($"{Records}?{query}");

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Json.At("errors", 0).Text("pointer").ShouldBe($"?{query.Split('=')[0]}");
    }

    [Fact]
    public async Task Takes_no_cursor_that_was_made_up_or_made_for_another_list_or_tenant()
    {
        var (tenant, other) = (await host.NewTenantAsync(), await host.NewTenantAsync());
        await tenant.RegisterAsync(ARecord.Many(3));
        await other.RegisterAsync(ARecord.Many(3));
        var cursor = (await tenant.Http.AskAsync($"{Records}?limit=1")).Ok().Text("next_cursor");
        var forged = (cursor[0] == 'A' ? 'B' : 'A') + cursor[1..];

        (await tenant.Http.AskAsync($"{Records}?cursor={cursor}")).Status.ShouldBe(HttpStatusCode.OK);
        (await tenant.Http.AskAsync($"{Records}?cursor={forged}")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await tenant.Http.AskAsync($"/ledger/v1/systems/erp/not-exported?cursor={cursor}")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await other.Http.AskAsync($"{Records}?cursor={cursor}")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Answers_304_while_a_record_has_the_version_the_caller_knows()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("a"));
        var tag = (await tenant.Http.AskAsync($"{Records}/a")).Headers.ETag!.ToString();

        (await tenant.Http.AskAsync($"{Records}/a", ("If-None-Match", $"\"9\", {tag}"))).Status.ShouldBe(HttpStatusCode.NotModified);
        await tenant.RegisterAsync(ARecord.Named("a", text: "new"));
        (await tenant.Http.AskAsync($"{Records}/a", ("If-None-Match", tag))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Answers_another_tenants_record_exactly_as_an_unknown_one()
    {
        var (tenant, other) = (await host.NewTenantAsync(), await host.NewTenantAsync());
        await other.RegisterAsync(ARecord.Named("theirs"));

        var (theirs, unknown) = (await tenant.Http.AskAsync($"{Records}/theirs"), await tenant.Http.AskAsync($"{Records}/nobodys"));

        theirs.Status.ShouldBe(HttpStatusCode.NotFound);
        theirs.Json.Text("detail").ShouldBe(unknown.Json.Text("detail"));
        theirs.Json.Text("code").ShouldBe(unknown.Json.Text("code"));
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("'; drop table ledger.records; --")]
    [InlineData("ünï ☃ 😀 \"quoted\" \\ back")]
    [InlineData("a?b#c&d=e+f")]
    public async Task Finds_a_record_whatever_its_id(string id)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named(id));

        (await tenant.Http.AskAsync($"{Records}/{Uri.EscapeDataString(id)}")).Ok().Text("id").ShouldBe(id);
        (await tenant.Http.AskAsync($"{Records}/{Uri.EscapeDataString(id)}/timeline")).Ok().GetProperty("events").GetArrayLength().ShouldBe(1);
        (await tenant.Http.AskAsync($"/ledger/v1/systems/{Uri.EscapeDataString("my/erp")}/items/{Uri.EscapeDataString(id)}")).Ok().Text("system_id").ShouldBe("my/erp");
    }

    [Fact]
    public async Task Moves_a_record_between_stages()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("a"));

        (await tenant.Http.PostJsonAsync($"{Records}/a/stage", """{"stage":"review"}""")).Ok().Text("stage").ShouldBe("review");
        (await tenant.Http.AskAsync("/ledger/v1/systems/erp/items/a")).Ok().Text("status").ShouldBe("withheld");
        (await tenant.Http.PostJsonAsync($"{Records}/a/stage", """{"stage":"review"}""")).Ok();
        (await tenant.CountEventsAsync()).ShouldBe(2);
        (await tenant.Http.PostJsonAsync($"{Records}/a/stage", """{"stage":"exported"}""")).Json.At("errors", 0).Text("pointer").ShouldBe("/stage");
        (await tenant.Http.PostJsonAsync($"{Records}/nobodys/stage", """{"stage":"review"}""")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Withdraws_a_record_once_and_keeps_its_history()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("a"));

        (await tenant.Http.SendAsync(HttpMethod.Delete, $"{Records}/a", "")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await tenant.Http.SendAsync(HttpMethod.Delete, $"{Records}/a", "")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await tenant.CountEventsAsync()).ShouldBe(2);
        (await tenant.Http.AskAsync($"{Records}/a")).Ok().GetProperty("withdrawn").GetBoolean().ShouldBeTrue();
        (await tenant.Http.PostJsonAsync($"{Records}/a/stage", """{"stage":"review"}""")).Status.ShouldBe(HttpStatusCode.Conflict);
        (await tenant.Http.SendAsync(HttpMethod.Delete, $"{Records}/nobodys", "")).Status.ShouldBe(HttpStatusCode.NotFound);
    }
}
