using System.Net;
using Ledger.Api.Tests.Hosting;
using Ledger.Domain.Records;

namespace Ledger.Api.Tests.Native;

public sealed class ReportingResultsTests(LedgerHost host)
{
    private const string Erp = "/ledger/v1/systems/erp";

    private static Task<Answer> ReportAsync(TestTenant tenant, string results, string system = "erp") => tenant.Http.PostJsonAsync($"/ledger/v1/systems/{system}/results", $$"""{"results":[{{results}}]}""");

    private static async Task<IReadOnlyList<string?>> NotExportedAsync(TestTenant tenant, string query = "", string system = "erp") =>
        [.. (await tenant.Http.AskAsync($"/ledger/v1/systems/{system}/not-exported{query}")).Ok().GetProperty("items").EnumerateArray().Select(item => item.At("record").Text("id"))];

    [Fact]
    public async Task Takes_an_exported_record_out_of_its_systems_queue_only()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync([ARecord.Named("1"), ARecord.Named("2")]);
        (await NotExportedAsync(tenant)).ShouldBe(["1", "2"]);

        var answer = (await ReportAsync(tenant, """{"record_id":"1","outcome":"exported","external_id":"E-1","external_url":"https://erp.example/1","exported_at":"2020-01-01T00:00:00Z","note":"n"}""")).Ok();

        answer.At("results", 0).Text("status").ShouldBe("applied");
        (await NotExportedAsync(tenant)).ShouldBe(["2"]);
        (await NotExportedAsync(tenant, system: "other")).ShouldBe(["1", "2"]);
        var item = (await tenant.Http.AskAsync($"{Erp}/items/1")).Ok();
        item.Text("status").ShouldBe("exported");
        item.Text("external_id").ShouldBe("E-1");
        item.Text("external_url").ShouldBe("https://erp.example/1");
        item.Text("exported_at").ShouldBe("2020-01-01T00:00:00Z");
        item.Text("note").ShouldBe("n");
        item.Text("exported_since").ShouldNotBe("2020-01-01T00:00:00Z");
    }

    [Fact]
    public async Task Keeps_a_failed_record_offered_and_says_why_it_failed()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("1"));

        await ReportAsync(tenant, """{"record_id":"1","outcome":"failed","failure":{"type":"validation","reason":"Account closed"}}""");

        (await NotExportedAsync(tenant)).ShouldBe(["1"]);
        var item = (await tenant.Http.AskAsync($"{Erp}/items/1")).Ok();
        item.Text("status").ShouldBe("failed");
        (item.At("failure").Text("type"), item.At("failure").Text("reason")).ShouldBe(("validation", "Account closed"));
        var system = (await tenant.Http.AskAsync("/ledger/v1/systems")).Ok().At("systems", 0);
        (system.Text("system_id"), system.At("offered").GetInt32(), system.At("exported").GetInt32(), system.At("failed").GetInt32()).ShouldBe(("erp", 1, 0, 1));
    }

    [Fact]
    public async Task Answers_each_result_by_itself_and_in_order()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync([ARecord.Named("1"), ARecord.Named("2")]);

        var answer = (await ReportAsync(tenant, """
            {"record_id":"2","outcome":"exported"},{"record_id":"nobodys","outcome":"exported"},{"record_id":"1"},{"record_id":"1","outcome":"done"},
            {"record_id":"1","outcome":"exported","failure":{}},{"record_id":"1","outcome":"failed","external_id":"x"},{"record_id":"1","outcome":"exported","exported_at":"2026-02-30T00:00:00Z"},
            5,{"record_id":"1","outcome":"exported"},{"record_id":"1","outcome":"exported"}
            """)).Ok();

        answer.GetProperty("results").Each("status").ShouldBe(["applied", "rejected", "rejected", "rejected", "rejected", "rejected", "rejected", "rejected", "applied", "unchanged"]);
        answer.At("results", 1, "problem").Text("code").ShouldBe("record_not_found");
        answer.At("results", 3, "problem", "errors", 0).Text("pointer").ShouldBe("/results/3/outcome");
        answer.At("results", 4, "problem", "errors", 0).Text("pointer").ShouldBe("/results/4/failure");
        answer.At("results", 5, "problem", "errors", 0).Text("pointer").ShouldBe("/results/5/external_id");
        answer.At("results", 6, "problem", "errors", 0).Text("pointer").ShouldBe("/results/6/exported_at");
        (answer.At("counts", "applied").GetInt32(), answer.At("counts", "unchanged").GetInt32(), answer.At("counts", "rejected").GetInt32()).ShouldBe((2, 1, 7));
    }

    [Fact]
    public async Task Changes_nothing_when_a_result_is_sent_again()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("1"));
        await ReportAsync(tenant, """{"record_id":"1","outcome":"exported","external_id":"E"}""");
        var before = await tenant.CountEventsAsync();

        (await ReportAsync(tenant, """{"record_id":"1","outcome":"exported","external_id":"E"}""")).Ok().At("results", 0).Text("status").ShouldBe("unchanged");

        (await tenant.CountEventsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Answers_another_tenants_record_exactly_as_an_unknown_one()
    {
        var (tenant, other) = (await host.NewTenantAsync(), await host.NewTenantAsync());
        await other.RegisterAsync(ARecord.Named("theirs"));

        var results = (await ReportAsync(tenant, """{"record_id":"theirs","outcome":"exported"},{"record_id":"nobodys","outcome":"exported"}""")).Ok().GetProperty("results");

        results.At(0, "problem").GetRawText().ShouldBe(results.At(1, "problem").GetRawText());
        (await NotExportedAsync(other)).ShouldBe(["theirs"]);
        (await tenant.CountEventsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Offers_a_reopened_record_again()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync([ARecord.Named("1"), ARecord.Named("2")]);
        await ReportAsync(tenant, """{"record_id":"1","outcome":"exported"}""");

        var answer = (await tenant.Http.PostJsonAsync($"{Erp}/reopen", """{"record_ids":["1","2","nobodys",7,""],"reason":"restored"}""")).Ok();

        answer.GetProperty("results").Each("status").ShouldBe(["applied", "rejected", "rejected", "rejected", "rejected"]);
        answer.At("results", 1, "problem").Text("code").ShouldBe("nothing_to_reopen");
        (await NotExportedAsync(tenant)).ShouldBe(["1", "2"]);
        (await tenant.Http.AskAsync("/ledger/v1/records/1/timeline")).Ok().At("events", 2, "data").Text("reason").ShouldBe("restored");
    }

    [Theory]
    [InlineData("""{"record_ids":["1"]}""", "/reason")]
    [InlineData("""{"record_ids":["1"],"reason":""}""", "/reason")]
    [InlineData("""{"record_ids":[],"reason":"x"}""", "/record_ids")]
    [InlineData("""{"reason":"x"}""", "/record_ids")]
    public async Task Refuses_a_reopening_without_records_or_reason(string body, string pointer)
    {
        var tenant = await host.NewTenantAsync();

        var answer = await tenant.Http.PostJsonAsync($"{Erp}/reopen", body);

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Json.At("errors", 0).Text("pointer").ShouldBe(pointer);
    }

    [Fact]
    public async Task Takes_five_thousand_results_and_not_one_more()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Many(5_000));
        static string Many(int count) => string.Join(',', Enumerable.Range(1, count).Select(number => $$"""{"record_id":"r-{{number}}","outcome":"exported"}"""));

        (await ReportAsync(tenant, Many(5_001))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await ReportAsync(tenant, Many(5_000))).Ok().At("counts", "applied").GetInt32().ShouldBe(5_000);
        (await NotExportedAsync(tenant)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Pages_through_the_queue_without_gap_or_repetition()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync([.. Enumerable.Range(1, 25).Select(number => ARecord.Named($"{number}"))]);
        var ids = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await tenant.Http.AskAsync($"{Erp}/not-exported?limit=10{cursor}")).Ok();
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.At("record").Text("id")));
            cursor = page.GetProperty("next_cursor").GetString() is { } next ? $"&cursor={next}" : null;
        }

        ids.ShouldBe(Enumerable.Range(1, 25).Select(number => $"{number}"));
    }

    [Fact]
    public async Task Adds_what_was_exported_after_a_moment_but_not_at_it()
    {
        var clock = new ManualClock(new(2026, 1, 12, 6, 0, 0, TimeSpan.Zero));
        await using var own = LedgerHost.WithClock(clock);
        var tenant = await own.NewTenantAsync();
        await tenant.RegisterAsync([ARecord.Named("1"), ARecord.Named("2"), ARecord.Named("3"), ARecord.Named("4", stage: Stage.Review)]);
        await ReportAsync(tenant, """{"record_id":"1","outcome":"exported"}""");
        clock.Advance(TimeSpan.FromHours(1));
        await ReportAsync(tenant, """{"record_id":"2","outcome":"exported"}""");

        (await NotExportedAsync(tenant)).ShouldBe(["3"]);
        (await NotExportedAsync(tenant, "?since=2026-01-12T06:00:00Z")).ShouldBe(["2", "3"]);
        (await NotExportedAsync(tenant, "?since=2026-01-12T05:59:59.999999Z")).ShouldBe(["1", "2", "3"]);
        (await NotExportedAsync(tenant, "?since=2026-01-12T07:00:00Z")).ShouldBe(["3"]);
    }

    [Fact]
    public async Task Says_up_to_which_position_an_answer_speaks()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Many(3));
        await tenant.SealedAsync();

        (await tenant.Http.AskAsync($"{Erp}/not-exported")).Ok().At("as_of", "position").GetInt64().ShouldBe(3);
    }
}
