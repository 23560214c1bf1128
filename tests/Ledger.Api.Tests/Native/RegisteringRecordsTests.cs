using System.Net;
using Ledger.Api.Tests.Hosting;

namespace Ledger.Api.Tests.Native;

public sealed class RegisteringRecordsTests(LedgerHost host)
{
    private const string Records = "/ledger/v1/records";
    private static string R(string id, string rest = "") => "{\"id\":\"" + id + "\",\"amount\":{\"value\":100,\"currency\":\"EUR\"}" + rest + "}";

    [Fact]
    public async Task Answers_each_record_in_the_order_sent()
    {
        var tenant = await host.NewTenantAsync();

        var answer = (await tenant.Http.PostJsonAsync(Records, $$"""{"records":[{{R("b")}},{{R("17")}}]}""")).Ok();

        answer.GetProperty("results").Each("id").ShouldBe(["b", "17"]);
        answer.GetProperty("results").Each("status").ShouldBe(["registered", "registered"]);
        answer.At("results", 1, "number").GetInt64().ShouldBe(17);
        answer.At("results", 0, "version").GetInt64().ShouldBe(1);
        answer.At("counts", "registered").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Tells_a_revision_from_a_repetition()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.Http.PostJsonAsync(Records, $$"""{"records":[{{R("a")}},{{R("b")}}]}""");

        var answer = (await tenant.Http.PostJsonAsync(Records, $$"""{"records":[{{R("a")}},{{R("b", ",\"text\":\"new\"")}}]}""")).Ok();

        answer.GetProperty("results").Each("status").ShouldBe(["unchanged", "revised"]);
        (await tenant.CountEventsAsync()).ShouldBe(3);
    }

    [Fact]
    public async Task Rejects_a_bad_record_with_its_places_and_registers_the_others()
    {
        var tenant = await host.NewTenantAsync();

        var answer = (await tenant.Http.PostJsonAsync(Records, $$"""
            {"records":[{{R("good")}},{"id":"bad","amount":{"value":1.5,"currency":"euro"},"posted_at":"2026-02-30","lines":[{"side":"left"}]},{{R("good-too")}}, 7, {"amount":{"value":1,"currency":"EUR"} }]}
            """)).Ok();

        answer.GetProperty("results").Each("status").ShouldBe(["registered", "rejected", "registered", "rejected", "rejected"]);
        var problem = answer.At("results", 1, "problem");
        problem.Text("code").ShouldBe("invalid_record");
        problem.GetProperty("errors").Each("pointer").ShouldBe(
            ["/records/1/amount/value", "/records/1/amount/currency", "/records/1/posted_at", "/records/1/lines/0/side", "/records/1/lines/0/amount"], ignoreOrder: true);
        answer.At("results", 3, "problem", "errors", 0).Text("pointer").ShouldBe("/records/3");
        answer.At("results", 4, "problem", "errors", 0).Text("pointer").ShouldBe("/records/4/id");
        (await tenant.CountEventsAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task Takes_a_repeated_id_as_sent_one_after_the_other()
    {
        var tenant = await host.NewTenantAsync();

        var answer = (await tenant.Http.PostJsonAsync(Records, $$"""{"records":[{{R("a")}},{{R("a", ",\"text\":\"x\"")}},{{R("a", ",\"text\":\"x\"")}}]}""")).Ok();

        answer.GetProperty("results").Each("status").ShouldBe(["registered", "revised", "unchanged"]);
        answer.At("results", 2, "version").GetInt64().ShouldBe(2);
    }

    [Fact]
    public async Task Keeps_every_member_of_a_record()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.Http.PostJsonAsync(Records, $$"""{"records":[{{Full}}]}""");

        var record = (await tenant.Http.AskAsync($"{Records}/full")).Ok();

        record.Text("kind").ShouldBe("expense");
        record.Text("source_type").ShouldBe("reimbursement");
        record.Text("stage").ShouldBe("review");
        record.At("amount", "value").GetInt64().ShouldBe(-9_007_199_254_740_993);
        record.Text("posted_at").ShouldBe("2026-01-31T00:00:00Z");
        record.Text("created_at").ShouldBe("2026-01-31T08:00:00.123456Z");
        record.Text("updated_at").ShouldBe("2026-01-31T07:00:00Z");
        record.At("lines", 0).Text("side").ShouldBe("credit");
        record.At("lines", 0, "tags", 1).Text("name").ShouldBe("T");
        record.At("counterparty").Text("name").ShouldBe("Søren & Co");
        record.At("files", 0, "size").GetInt64().ShouldBe(12);
        record.At("facets", "accounting_entries", "deep", "list", 0).GetDecimal().ShouldBe(1.50m);
        record.GetProperty("withdrawn").GetBoolean().ShouldBeFalse();
    }

    private const string Full = """
        {"id":"full","kind":"expense","source_type":"reimbursement","stage":"review","amount":{"value":-9007199254740993,"currency":"NOK"},
         "posted_at":"2026-01-31","created_at":"2026-01-31T08:00:00.1234567Z","updated_at":"2026-01-31T08:00:00+01:00","text":"t","account":"1","contra_account":"2",
         "lines":[{"id":"l","side":"credit","amount":{"value":1,"currency":"NOK"},"account":"3","text":"x","tags":["s",{"name":"T"}]}],
         "counterparty":{"id":"c","name":"Søren & Co"},"user":{"id":"u"},"files":[{"url":"https://f.example/1","type":"application/pdf","size":12}],
         "facets":{"accounting_entries":{"deep":{"list":[1.50]}}}}
        """;

    [Fact]
    public async Task Dates_a_record_by_its_registration_when_the_platform_gives_no_time()
    {
        var noon = new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
        await using var own = LedgerHost.WithClock(new ManualClock(noon));
        var tenant = await own.NewTenantAsync();
        await tenant.Http.PostJsonAsync(Records, $$"""{"records":[{{R("a")}}]}""");

        var record = (await tenant.Http.AskAsync($"{Records}/a")).Ok();

        record.Text("posted_at").ShouldBe("2026-05-01T12:00:00Z");
        record.Text("created_at").ShouldBe("2026-05-01T12:00:00Z");
        record.Text("registered_at").ShouldBe("2026-05-01T12:00:00Z");
    }

    [Theory]
    [InlineData("""{"records":[]}""", "/records")]
    [InlineData("""{"records":{}}""", "/records")]
    [InlineData("""{}""", "/records")]
    [InlineData("""[]""", "")]
    public async Task Refuses_a_body_that_is_no_list_of_records(string body, string pointer)
    {
        var tenant = await host.NewTenantAsync();

        var answer = await tenant.Http.PostJsonAsync(Records, body);

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.MediaType.ShouldBe("application/problem+json");
        answer.Json.At("errors", 0).Text("pointer").ShouldBe(pointer);
    }

    [Fact]
    public async Task Takes_five_thousand_records_and_not_one_more()
    {
        var tenant = await host.NewTenantAsync();
        string Many(int count) => $$"""{"records":[{{string.Join(',', Enumerable.Range(1, count).Select(number => R($"r{number}")))}}]}""";

        (await tenant.Http.PostJsonAsync(Records, Many(5_001))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await tenant.CountEventsAsync()).ShouldBe(0);
        (await tenant.Http.PostJsonAsync(Records, Many(5_000))).Ok().At("counts", "registered").GetInt32().ShouldBe(5_000);
        (await tenant.CountEventsAsync()).ShouldBe(5_000);
    }

    [Fact]
    public async Task Refuses_a_body_over_32_MiB()
    {
        var tenant = await host.NewTenantAsync();

        var answer = await tenant.Http.CallAsync(HttpMethod.Post, Records, new byte[(32 << 20) + 1], "application/json");

        answer.Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        answer.MediaType.ShouldBe("application/problem+json");
    }

    [Theory]
    [InlineData("""{"id":"x","amount":{"value":9223372036854775808,"currency":"EUR"}}""", "/records/0/amount/value")]
    [InlineData("""{"id":"x","amount":{"value":1e3,"currency":"EUR"}}""", "/records/0/amount/value")]
    [InlineData("""{"id":"x","amount":{"value":"1","currency":"EUR"}}""", "/records/0/amount/value")]
    [InlineData("""{"id":"x","amount":null}""", "/records/0/amount")]
    [InlineData("""{"id":17,"amount":{"value":1,"currency":"EUR"}}""", "/records/0/id")]
    [InlineData("""{"id":"","amount":{"value":1,"currency":"EUR"}}""", "/records/0/id")]
    [InlineData("""{"id":"x","stage":"done","amount":{"value":1,"currency":"EUR"}}""", "/records/0/stage")]
    [InlineData("""{"id":"x","created_at":"2026-02-29T00:00:00Z","amount":{"value":1,"currency":"EUR"}}""", "/records/0/created_at")]
    [InlineData("""{"id":"x","facets":{"accounting_entry":{}},"amount":{"value":1,"currency":"EUR"}}""", "/records/0/facets/accounting_entry")]
    [InlineData("""{"id":"x","facets":{"export_jobs":[]},"amount":{"value":1,"currency":"EUR"}}""", "/records/0/facets/export_jobs")]
    [InlineData("""{"id":"x","facets":{"export_jobs":{"n":1e999999}},"amount":{"value":1,"currency":"EUR"}}""", "/records/0/facets")]
    [InlineData("""{"id":"x","counterparty":"me","amount":{"value":1,"currency":"EUR"}}""", "/records/0/counterparty")]
    [InlineData("""{"id":"x","files":[{"url":5}],"amount":{"value":1,"currency":"EUR"}}""", "/records/0/files/0/url")]
    [InlineData("""{"id":"x","lines":[{"side":"debit","amount":{"value":1,"currency":"EUR"},"tags":"t"}],"amount":{"value":1,"currency":"EUR"}}""", "/records/0/lines/0/tags")]
    public async Task Names_the_wrong_place_of_a_record(string record, string pointer)
    {
        var tenant = await host.NewTenantAsync();

        var answer = (await tenant.Http.PostJsonAsync(Records, $$"""{"records":[{{record}}]}""")).Ok();

        answer.At("results", 0).Text("status").ShouldBe("rejected");
        answer.At("results", 0, "problem", "errors", 0).Text("pointer").ShouldBe(pointer);
        (await tenant.CountEventsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Measures_an_id_in_characters()
    {
        var tenant = await host.NewTenantAsync();
        var (longest, tooLong) = (string.Concat(Enumerable.Repeat("😀", 128)), new string('x', 129));

        var answer = (await tenant.Http.PostJsonAsync(Records, $$"""{"records":[{{R(longest)}},{{R(tooLong)}}]}""")).Ok();

        answer.GetProperty("results").Each("status").ShouldBe(["registered", "rejected"]);
    }
}
