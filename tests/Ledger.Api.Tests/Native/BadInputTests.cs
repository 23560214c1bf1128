using System.Net;
using System.Text;
using Ledger.Api.Tests.Hosting;
using Ledger.Clients;

namespace Ledger.Api.Tests.Native;

/// <summary>What callers get wrong, or try, on every route: a clear answer in the shape of the contract, and nothing written.</summary>
public sealed class BadInputTests(LedgerHost host)
{
    /// <summary>Every writing route, and a body that would change something.</summary>
    public static TheoryData<string, string> Writes => new()
    {
        { "/ledger/v1/records", """{"records":[{"id":"new","amount":{"value":1,"currency":"EUR"}}]}""" },
        { "/ledger/v1/records/a/stage", """{"stage":"review"}""" },
        { "/ledger/v1/systems/erp/results", """{"results":[{"record_id":"a","outcome":"exported"}]}""" },
        { "/ledger/v1/systems/erp/reopen", """{"record_ids":["a"],"reason":"r"}""" },
    };

    public static TheoryData<string> Routes =>
    [
        "GET /ledger/v1/records", "GET /ledger/v1/records/a", "POST /ledger/v1/records", "POST /ledger/v1/records/a/stage", "DELETE /ledger/v1/records/a", "GET /ledger/v1/systems",
        "GET /ledger/v1/systems/erp/not-exported", "POST /ledger/v1/systems/erp/results", "POST /ledger/v1/systems/erp/reopen", "GET /ledger/v1/systems/erp/items/a", "GET /ledger/v1/jobs",
        "GET /ledger/v1/jobs/0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b", "GET /ledger/v1/records/a/timeline", "GET /ledger/v1/jobs/0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b/timeline", "GET /ledger/v1/events",
        "GET /ledger/v1/log/checkpoint", "GET /ledger/v1/log/checkpoint/1", "GET /ledger/v1/log/checkpoints", "GET /ledger/v1/log/inclusion?position=1", "GET /ledger/v1/log/consistency?from=1",
        "GET /ledger/v1/log/tile/0/000.p/1", "GET /ledger/v1/log/key",
    ];

    /// <summary>The whole suite of malformed and doubtful documents, against each writing route.</summary>
    [Theory, MemberData(nameof(Writes))]
    public async Task Refuses_every_malformed_document(string path, string valid)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("a"));
        var suite = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Input", "json-test-suite"), "n_*.json");
        suite.Length.ShouldBeGreaterThan(100);

        foreach (var file in suite)
        {
            var answer = await tenant.Http.CallAsync(HttpMethod.Post, path, await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken), "application/json");
            answer.Status.ShouldBe(HttpStatusCode.BadRequest, Path.GetFileName(file));
            answer.MediaType.ShouldBe("application/problem+json");
        }
        (await tenant.CountEventsAsync()).ShouldBe(1, $"{path} with {valid.Length} valid bytes was never sent");
    }

    [Theory, MemberData(nameof(Writes))]
    public async Task Refuses_a_valid_document_that_is_damaged(string path, string valid)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("a"));
        var inside = valid.IndexOf('{', StringComparison.Ordinal) + 1;
        string[] damaged =
        [
            valid[..^1], valid + "}", valid.Insert(inside, "\"x\":\"\\u0000\","), valid.Insert(inside, "\"x\":\"\\ud800\","), valid.Insert(inside, "\"x\":1,\"x\":1,"),
            valid.Insert(inside, $"\"x\":{new string('[', 40)}{new string(']', 40)},"), valid.Insert(inside, "\"x\":01,"), valid.Insert(inside, "// no\n"), $"[{valid}]", "null", "\"text\"", "",
        ];

        foreach (var body in damaged) (await tenant.Http.PostJsonAsync(path, body)).Status.ShouldBe(HttpStatusCode.BadRequest, body);
        var notUtf8 = Encoding.UTF8.GetBytes(valid.Insert(inside, "\"x\":\"?\","));
        notUtf8[Array.IndexOf(notUtf8, (byte)'?')] = 0xFF;
        (await tenant.Http.CallAsync(HttpMethod.Post, path, notUtf8, "application/json")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await tenant.CountEventsAsync()).ShouldBe(1);
    }

    [Theory, MemberData(nameof(Writes))]
    public async Task Refuses_another_media_type(string path, string valid)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("a"));

        foreach (var mediaType in (string[])["text/plain", "application/xml", "application/x-www-form-urlencoded", "application/json; charset=utf-16"])
            (await tenant.Http.SendAsync(HttpMethod.Post, path, valid, mediaType)).Status.ShouldBe(HttpStatusCode.UnsupportedMediaType, mediaType);
        (await tenant.CountEventsAsync()).ShouldBe(1);
    }

    [Theory, MemberData(nameof(Routes))]
    public async Task Refuses_a_missing_or_unknown_credential(string route)
    {
        var (method, path) = (new HttpMethod(route.Split(' ')[0]), route.Split(' ')[1]);
        var anonymous = await host.AnonymousAsync();

        foreach (var headers in ((string, string)[][])[[], [("Authorization", "Bearer nobody")], [("Authorization", "Basic bm9ib2R5Og==")], [("Authorization", "Negotiate x")]])
        {
            var answer = await anonymous.CallAsync(method, path, null, "", headers);
            answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
            answer.Headers.WwwAuthenticate.ShouldNotBeEmpty();
            answer.Json.Text("code").ShouldBe("unauthorized");
        }
    }

    [Theory, MemberData(nameof(Routes))]
    public async Task Refuses_a_credential_without_the_scope(string route)
    {
        var (method, path) = (new HttpMethod(route.Split(' ')[0]), route.Split(' ')[1]);
        var tenant = await host.NewTenantAsync();

        var answer = await (await tenant.SignInAsync(LedgerScopes.Admin)).CallAsync(method, path, null, "");

        answer.Status.ShouldBe(HttpStatusCode.Forbidden);
        answer.Json.Text("code").ShouldBe("forbidden");
    }

    [Fact]
    public async Task Keeps_the_past_from_who_may_only_see_the_present()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("a"));
        var reader = await tenant.SignInAsync(LedgerScopes.ExportsRead);

        (await reader.AskAsync("/ledger/v1/systems/erp/items/a")).Status.ShouldBe(HttpStatusCode.OK);
        (await reader.AskAsync("/ledger/v1/systems/erp/items/a?as_of_position=1")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("PUT", "/ledger/v1/records", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PATCH", "/ledger/v1/records/a", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/ledger/v1/nothing", HttpStatusCode.NotFound)]
    [InlineData("GET", "/ledger/v2/records", HttpStatusCode.NotFound)]
    public async Task Refuses_an_address_or_method_it_does_not_have(string method, string path, HttpStatusCode expected)
    {
        var answer = await (await host.NewTenantAsync()).Http.CallAsync(new HttpMethod(method), path, null, "");

        answer.Status.ShouldBe(expected);
        answer.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task Gives_every_string_back_as_it_came()
    {
        var tenant = await host.NewTenantAsync();
        const string Hostile = "'; drop table ledger.records; -- \\\" %s $1 {0} <script>&amp; \u0001\t\r\n \u202E 😀 \uFFFF ${jndi:x} ../../etc";
        var text = System.Text.Json.JsonSerializer.Serialize(Hostile);

        (await tenant.Http.PostJsonAsync("/ledger/v1/records", $$$"""
            {"records":[{"id":{{{text}}},"amount":{"value":1,"currency":"EUR"},"text":{{{text}}},"account":{{{text}}},"contra_account":{{{text}}},
              "lines":[{"id":{{{text}}},"side":"debit","amount":{"value":1,"currency":"EUR"},"account":{{{text}}},"text":{{{text}}},"tags":[{{{text}}}]}],
              "counterparty":{"name":{{{text}}}},"user":{{{{text}}}:{{{text}}}},"files":[{"url":{{{text}}},"type":{{{text}}}}],"facets":{"export_jobs":{{{{text}}}:{{{text}}}}} }]}
            """)).Ok().At("results", 0).Text("status").ShouldBe("registered");
        var system = Uri.EscapeDataString("'; drop table \" % {0}");
        (await tenant.Http.PostJsonAsync($"/ledger/v1/systems/{system}/results", $$"""{"results":[{"record_id":{{text}},"outcome":"exported","external_id":{{text}},"external_url":{{text}},"note":{{text}}}]}""")).Ok()
            .At("results", 0).Text("status").ShouldBe("applied");

        var record = (await tenant.Http.AskAsync($"/ledger/v1/records?text={Uri.EscapeDataString("'; DROP table")}")).Ok().At("records", 0);
        string[] returned =
        [
            record.Text("id"), record.Text("text"), record.Text("account"), record.Text("contra_account"), record.At("lines", 0).Text("id"), record.At("lines", 0).Text("account"), record.At("lines", 0).Text("text"),
            record.At("lines", 0, "tags", 0).GetString()!, record.At("counterparty").Text("name"), record.At("user").Text(Hostile), record.At("files", 0).Text("url"), record.At("facets", "export_jobs").Text(Hostile),
        ];
        returned.ShouldAllBe(value => value == Hostile);
        var item = (await tenant.Http.AskAsync($"/ledger/v1/systems/{system}/not-exported?since=2000-01-01T00:00:00Z")).Ok().At("items", 0, "state");
        ((string[])[item.Text("record_id"), item.Text("external_id"), item.Text("external_url"), item.Text("note")]).ShouldAllBe(value => value == Hostile);
        (await tenant.Http.AskAsync("/ledger/v1/systems")).Ok().At("systems", 0).Text("system_id").ShouldBe("'; drop table \" % {0}");
    }

    [Fact]
    public async Task Knows_no_system_with_a_name_that_is_too_long()
    {
        var tenant = await host.NewTenantAsync();

        (await tenant.Http.AskAsync($"/ledger/v1/systems/{new string('x', 256)}/not-exported")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await tenant.Http.AskAsync($"/ledger/v1/systems/{new string('x', 255)}/not-exported")).Status.ShouldBe(HttpStatusCode.OK);
        (await tenant.Http.AskAsync("/ledger/v1/systems/%20/not-exported")).Status.ShouldBe(HttpStatusCode.NotFound);
    }
}
