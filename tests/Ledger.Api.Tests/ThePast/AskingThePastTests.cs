using System.Globalization;
using System.Net;
using System.Text.Json;
using Ledger.Api.Tests.Hosting;
using Ledger.Clients;
using Ledger.Domain.Records;

namespace Ledger.Api.Tests.ThePast;

public sealed class AskingThePastTests(LedgerHost host)
{
    private const string Erp = "/ledger/v1/systems/erp";

    private static Task<Answer> ReportAsync(TestTenant tenant, IEnumerable<string> records, string system = "erp") => tenant.Http.PostJsonAsync($"/ledger/v1/systems/{system}/results",
        JsonSerializer.Serialize(new { results = records.Select(record => new { record_id = record, outcome = "exported" }) }));

    private static Task<Answer> ReopenAsync(TestTenant tenant, IEnumerable<string> records) =>
        tenant.Http.PostJsonAsync($"{Erp}/reopen", JsonSerializer.Serialize(new { record_ids = records, reason = "restored" }));

    private static IEnumerable<string> Ids(int from, int to, int step = 1) => Enumerable.Range(from, to - from + 1).Where(number => (number - from) % step == 0).Select(number => $"r-{number}");

    [Fact]
    public async Task Gives_the_same_bytes_after_thousands_of_later_events()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Many(600));
        await ReportAsync(tenant, Ids(1, 400, 2));
        await ReportAsync(tenant, Ids(1, 10), "other");
        await tenant.SealedAsync();
        var moment = (await tenant.Http.AskAsync($"{Erp}/not-exported?limit=1")).Ok().GetProperty("as_of");
        var (position, time) = (moment.GetProperty("position").GetInt64(), moment.Text("time"));
        string[] questions =
        [
            $"/ledger/v1/systems?as_of_position={position}", $"/ledger/v1/systems?as_of={time}", $"{Erp}/not-exported?limit=300&as_of_position={position}", $"{Erp}/not-exported?limit=300&as_of={time}",
            $"/ledger/v1/systems/other/not-exported?limit=1000&as_of={time}", $"/ledger/v1/systems/later/not-exported?limit=5&as_of={time}", $"{Erp}/items/r-2?as_of={time}", $"/ledger/v1/records/r-3?as_of={time}",
            $"/ledger/v1/records/r-3/timeline?as_of={time}", $"/ledger/v1/diff?from=500&to={position}", $"/ledger/v1/diff?from=0&to={time}&system_id=erp&limit=1000", $"{Erp}/items/new-1?as_of={time}",
        ];
        // The clock has to pass the moment before it is the past.
        await tenant.RegisterAsync(ARecord.Named("first-of-later"));
        await tenant.SealedAsync();
        async Task<List<string>> AskAsync()
        {
            var answers = new List<string>();
            foreach (var question in questions)
            {
                for (var (cursor, page) = ("", 0); page < 10; page++)
                {
                    var answer = await tenant.Http.AskAsync(question + cursor);
                    answers.Add(answer.Status == HttpStatusCode.OK ? answer.Text : answer.Status.ToString());
                    if (answer.Status != HttpStatusCode.OK || !answer.Json.TryGetProperty("next_cursor", out var next) || next.GetString() is not { } text) break;
                    cursor = $"&cursor={text}";
                }
            }
            return answers;
        }
        var before = await AskAsync();
        before.Count(answer => answer.StartsWith('{')).ShouldBeGreaterThan(12);

        await tenant.RegisterAsync(ARecord.Many(700, "new-"));
        await ReportAsync(tenant, Ids(1, 600));
        await ReopenAsync(tenant, Ids(1, 600, 3));
        await tenant.RegisterAsync([.. Ids(100, 500).Select(id => ARecord.Named(id, text: "revised"))]);
        await tenant.RegisterAsync([.. Ids(501, 560).Select(id => ARecord.Named(id, stage: Stage.Review))]);
        foreach (var id in Ids(561, 570)) await tenant.Http.CallAsync(HttpMethod.Delete, $"/ledger/v1/records/{id}", null, "");
        await ReportAsync(tenant, Ids(1, 600), "later");
        await ReportAsync(tenant, Ids(1, 600), "other");
        await tenant.SealedAsync();

        (await AskAsync()).ShouldBe(before);
        (await tenant.CountEventsAsync()).ShouldBeGreaterThan(position + 2_500);
    }

    [Fact]
    public async Task Knows_what_was_acknowledged_before_the_question()
    {
        var tenant = await host.NewTenantAsync();
        for (var number = 1; number <= 12; number++)
        {
            await tenant.RegisterAsync(ARecord.Named($"{number}"));
            // Nobody has waited for the sealer, and the time lies ahead of every clock.
            var answer = (await tenant.Http.AskAsync("/ledger/v1/systems/erp/not-exported?as_of=2999-01-01T00:00:00Z")).Ok();
            answer.GetProperty("items").GetArrayLength().ShouldBe(number);
            answer.At("as_of", "position").GetInt64().ShouldBe(number);
            DateTimeOffset.Parse(answer.At("as_of").Text("time"), CultureInfo.InvariantCulture).Year.ShouldBeLessThan(2999);
        }
    }

    [Fact]
    public async Task Keeps_a_page_to_the_moment_of_the_first_one()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Many(5));
        const string Question = $"{Erp}/not-exported?limit=2&as_of=2999-01-01T00:00:00Z";
        var first = (await tenant.Http.AskAsync(Question)).Ok();
        await tenant.RegisterAsync(ARecord.Many(3, "late-"));
        await ReportAsync(tenant, ["r-3", "r-4"]);

        var second = (await tenant.Http.AskAsync($"{Question}&cursor={first.Text("next_cursor")}")).Ok();
        var third = (await tenant.Http.AskAsync($"{Question}&cursor={second.Text("next_cursor")}")).Ok();

        second.GetProperty("items").EnumerateArray().Concat(third.GetProperty("items").EnumerateArray()).Select(row => row.At("record").Text("id")).ShouldBe(["r-3", "r-4", "r-5"]);
        third.GetProperty("next_cursor").GetString().ShouldBeNull();
        third.GetProperty("as_of").GetRawText().ShouldBe(first.GetProperty("as_of").GetRawText());
    }

    [Fact]
    public async Task Speaks_of_the_beginning_too()
    {
        var tenant = await host.NewTenantAsync();
        var systems = await tenant.Http.AskAsync("/ledger/v1/systems?as_of_position=0");
        systems.Text.ShouldBe("""{"systems":[],"as_of":{"position":0,"time":null}}""");
        await tenant.RegisterAsync(ARecord.Named("a"));
        await ReportAsync(tenant, ["a"]);
        await tenant.SealedAsync();

        (await tenant.Http.AskAsync("/ledger/v1/systems?as_of_position=0")).Text.ShouldBe(systems.Text);
        (await tenant.Http.AskAsync($"{Erp}/not-exported?as_of_position=0")).Text.ShouldBe("""{"items":[],"next_cursor":null,"as_of":{"position":0,"time":null}}""");
        (await tenant.Http.AskAsync($"{Erp}/not-exported?as_of=1900-01-01T00:00:00Z")).Ok().GetProperty("items").GetArrayLength().ShouldBe(0);
        (await tenant.Http.AskAsync("/ledger/v1/diff?from=0&to=0")).Ok().GetProperty("differences").GetArrayLength().ShouldBe(0);
        (await tenant.Http.AskAsync("/ledger/v1/diff?from=1900-01-01T00:00:00Z")).Ok().At("differences", 0, "from").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("/ledger/v1/systems?as_of_position=3", "position_beyond_head", "?as_of_position")]
    [InlineData("/ledger/v1/systems?as_of_position=1&as_of=2026-01-01T00:00:00Z", "invalid_request", "?as_of_position")]
    [InlineData("/ledger/v1/systems?as_of=now", "invalid_request", "?as_of")]
    [InlineData("/ledger/v1/systems/erp/not-exported?as_of_position=3", "position_beyond_head", "?as_of_position")]
    [InlineData("/ledger/v1/systems/erp/not-exported?as_of_position=1&since=2026-01-01T00:00:00Z", "invalid_request", "?since")]
    [InlineData("/ledger/v1/systems/erp/not-exported?as_of_position=1&cursor=bm90aGluZw", "invalid_request", "?cursor")]
    [InlineData("/ledger/v1/records/a?as_of_position=3", "position_beyond_head", "?as_of_position")]
    [InlineData("/ledger/v1/records/a?as_of_position=1&as_of_position=2", "invalid_request", "?as_of_position")]
    [InlineData("/ledger/v1/records/a/timeline?as_of_position=3", "position_beyond_head", "?as_of_position")]
    [InlineData("/ledger/v1/jobs/0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b?as_of_position=3", "position_beyond_head", "?as_of_position")]
    [InlineData("/ledger/v1/diff", "invalid_request", "?from")]
    [InlineData("/ledger/v1/diff?from=", "invalid_request", "?from")]
    [InlineData("/ledger/v1/diff?from=-1", "invalid_request", "?from")]
    [InlineData("/ledger/v1/diff?from=99999999999999999999", "invalid_request", "?from")]
    [InlineData("/ledger/v1/diff?from=3", "position_beyond_head", "?from")]
    [InlineData("/ledger/v1/diff?from=1&to=3", "position_beyond_head", "?to")]
    [InlineData("/ledger/v1/diff?from=2&to=1", "invalid_request", "?from")]
    [InlineData("/ledger/v1/diff?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z", "invalid_request", "?from")]
    [InlineData("/ledger/v1/diff?from=0&to=yesterday", "invalid_request", "?to")]
    [InlineData("/ledger/v1/diff?from=0&system_id=%20", "invalid_request", "?system_id")]
    [InlineData("/ledger/v1/diff?from=0&limit=0", "invalid_request", "?limit")]
    [InlineData("/ledger/v1/diff?from=0&cursor=bm90aGluZw", "invalid_request", "?cursor")]
    public async Task Refuses_what_cannot_be_answered(string path, string code, string pointer)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Many(2));
        await tenant.SealedAsync();

        var answer = await tenant.Http.AskAsync(path);

        (answer.Status, answer.Json.Text("code"), answer.Json.At("errors", 0).Text("pointer")).ShouldBe((HttpStatusCode.BadRequest, code, pointer));
        if (code == "position_beyond_head") answer.Json.Text("detail").ShouldContain("the last one is 2");
    }

    [Fact]
    public async Task Takes_a_cursor_only_where_it_was_given()
    {
        var (tenant, other) = (await host.NewTenantAsync(), await host.NewTenantAsync());
        foreach (var each in new[] { tenant, other })
        {
            await each.RegisterAsync(ARecord.Many(4));
            await ReportAsync(each, ["r-1"]);
            await each.SealedAsync();
        }
        var cursor = (await tenant.Http.AskAsync($"{Erp}/not-exported?limit=1&as_of_position=4")).Ok().Text("next_cursor");
        var ofDiff = (await tenant.Http.AskAsync("/ledger/v1/diff?from=0&to=4&limit=1&system_id=erp")).Ok().Text("next_cursor");
        async Task<HttpStatusCode> StatusAsync(TestTenant asking, string path) => (await asking.Http.AskAsync(path)).Status;

        (await StatusAsync(tenant, $"{Erp}/not-exported?limit=1&as_of_position=4&cursor={cursor}")).ShouldBe(HttpStatusCode.OK);
        foreach (var elsewhere in (string[])[$"{Erp}/not-exported?as_of_position=5&cursor={cursor}", $"{Erp}/not-exported?cursor={cursor}", $"/ledger/v1/systems/other/not-exported?as_of_position=4&cursor={cursor}",
            $"{Erp}/not-exported?as_of=2999-01-01T00:00:00Z&cursor={cursor}", $"/ledger/v1/diff?from=0&to=4&system_id=erp&cursor={cursor}", $"/ledger/v1/diff?from=0&to=4&cursor={ofDiff}",
            $"/ledger/v1/diff?from=1&to=4&system_id=erp&cursor={ofDiff}", $"/ledger/v1/diff?from=0&system_id=erp&cursor={ofDiff}"])
            (await StatusAsync(tenant, elsewhere)).ShouldBe(HttpStatusCode.BadRequest, elsewhere);
        (await StatusAsync(other, $"{Erp}/not-exported?limit=1&as_of_position=4&cursor={cursor}")).ShouldBe(HttpStatusCode.BadRequest);
        (await StatusAsync(tenant, "/ledger/v1/diff?from=0&to=4&limit=1&system_id=erp&cursor=" + ofDiff)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Needs_the_scope_of_an_auditor()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync([ARecord.Named("a"), ARecord.Named("b")]);
        await tenant.SealedAsync();
        var cursor = (await tenant.Http.AskAsync($"{Erp}/not-exported?limit=1&as_of_position=2")).Ok().Text("next_cursor");
        var connector = await tenant.SignInAsync(LedgerScopes.ExportsRead | LedgerScopes.ExportsWrite | LedgerScopes.RecordsWrite);

        foreach (var path in (string[])["/ledger/v1/systems?as_of_position=1", $"{Erp}/not-exported?as_of_position=1", "/ledger/v1/records/a?as_of_position=1", "/ledger/v1/jobs/0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b?as_of_position=1", "/ledger/v1/diff?from=0",
            $"{Erp}/not-exported?limit=1&as_of_position=2&cursor={cursor}"])
            (await connector.AskAsync(path)).Status.ShouldBe(HttpStatusCode.Forbidden, path);
    }

    [Fact]
    public async Task Compares_systems_nobody_wrote_to()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Many(3));
        await tenant.RegisterAsync(ARecord.Named("r-2", stage: Stage.Review));
        await tenant.SealedAsync();

        var differences = (await tenant.Http.AskAsync("/ledger/v1/diff?from=0&to=4&system_id=nobodys")).Ok().GetProperty("differences");

        differences.EnumerateArray().Select(row => (row.Text("record_id"), row.At("to").Text("status"))).ShouldBe([("r-1", "offered"), ("r-2", "withheld"), ("r-3", "offered")]);
        (await tenant.Http.AskAsync("/ledger/v1/diff?from=0&to=4")).Ok().GetProperty("differences").GetArrayLength().ShouldBe(0);
        (await tenant.Http.AskAsync("/ledger/v1/diff?from=3&to=4&system_id=nobodys")).Ok().GetProperty("differences").Each("record_id").ShouldBe(["r-2"]);
    }
}
