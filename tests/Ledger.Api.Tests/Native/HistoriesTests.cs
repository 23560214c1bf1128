using System.Net;
using Ledger.Api.Tests.Hosting;

namespace Ledger.Api.Tests.Native;

public sealed class HistoriesTests(LedgerHost host)
{
    private static Task<Answer> ExportAsync(TestTenant tenant, string record, string system = "erp") =>
        tenant.Http.PostJsonAsync($"/ledger/v1/systems/{Uri.EscapeDataString(system)}/results", $$"""{"results":[{"record_id":"{{record}}","outcome":"exported"}]}""");

    private static Task<Answer> FailAsync(TestTenant tenant, string record) =>
        tenant.Http.PostJsonAsync("/ledger/v1/systems/erp/results", $$"""{"results":[{"record_id":"{{record}}","outcome":"failed","failure":{"reason":"r"} }]}""");

    [Fact]
    public async Task Merge_a_record_with_all_its_systems_in_the_order_of_positions()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync([ARecord.Named("a"), ARecord.Named("b")]);
        await FailAsync(tenant, "a");
        await ExportAsync(tenant, "b");
        await ExportAsync(tenant, "a", "50%/erp");
        await tenant.SealedAsync();

        var events = (await tenant.Http.AskAsync("/ledger/v1/records/a/timeline")).Ok().GetProperty("events");

        events.Each("type").ShouldBe(["record_registered", "item_failed", "item_exported"]);
        events.Each("system_id").ShouldBe([null, "erp", "50%/erp"]);
        events.EnumerateArray().Select(recorded => recorded.GetProperty("position").GetInt64()).ShouldBe([1, 3, 5]);
        events.At(1).Text("actor").ShouldBe(tenant.Credentials.Client.ClientId);
        events.At(1).Text("dialect").ShouldBe("native");
        events.At(1, "data").Text("reason").ShouldBe("r");
        (await tenant.Http.AskAsync("/ledger/v1/records/a/timeline?system_id=50%25%2Ferp")).Ok().GetProperty("events").Each("type").ShouldBe(["record_registered", "item_exported"]);
    }

    [Fact]
    public async Task Show_an_event_before_it_is_sealed()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("a"));

        (await tenant.Http.AskAsync("/ledger/v1/records/a/timeline")).Ok().GetProperty("events").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Page_without_gap_or_repetition()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("a"));
        for (var again = 0; again < 7; again++)
        {
            await FailAsync(tenant, "a");
            await tenant.RegisterAsync(ARecord.Named("a", text: $"{again}"));
            await tenant.Http.PostJsonAsync("/ledger/v1/systems/erp/reopen", """{"record_ids":["a"],"reason":"again"}""");
        }
        var positions = new List<long?>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await tenant.Http.AskAsync($"/ledger/v1/records/a/timeline?limit=5{cursor}")).Ok();
            positions.AddRange(page.GetProperty("events").EnumerateArray().Select(recorded => recorded.GetProperty("version").GetInt64() * (recorded.Text("stream_id") == "record/a" ? 1L : 100)).Cast<long?>());
            cursor = page.GetProperty("next_cursor").GetString() is { } next ? $"&cursor={next}" : null;
        }

        positions.ShouldBe([1, .. Enumerable.Range(0, 7).SelectMany(again => new long?[] { ((2 * again) + 1) * 100, again + 2, ((2 * again) + 2) * 100 })]);
    }

    [Fact]
    public async Task End_at_the_moment_asked_for_that_moment_included()
    {
        var clock = new ManualClock(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var own = LedgerHost.WithClock(clock);
        var tenant = await own.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("a"));
        clock.Advance(TimeSpan.FromSeconds(1));
        await FailAsync(tenant, "a");
        clock.Advance(TimeSpan.FromSeconds(1));
        await ExportAsync(tenant, "a");
        await tenant.SealedAsync();
        async Task<string> StatusAsync(string asOf) => (await tenant.Http.AskAsync($"/ledger/v1/systems/erp/items/a?{asOf}")).Ok().Text("status");

        (await tenant.Http.AskAsync("/ledger/v1/records/a/timeline?as_of=2026-01-01T00:00:01Z")).Ok().GetProperty("events").Each("type").ShouldBe(["record_registered", "item_failed"]);
        (await StatusAsync("as_of=2026-01-01T00:00:00.999999Z")).ShouldBe("offered");
        (await StatusAsync("as_of=2026-01-01T00:00:01Z")).ShouldBe("failed");
        (await StatusAsync("as_of=2026-01-01T01:00:02%2B01:00")).ShouldBe("exported");
        (await StatusAsync("as_of=9999-12-31T23:59:59Z")).ShouldBe("exported");
        (await StatusAsync("as_of_position=1")).ShouldBe("offered");
        (await StatusAsync("as_of_position=2")).ShouldBe("failed");
        (await StatusAsync("as_of_position=3")).ShouldBe("exported");
        var beyond = await tenant.Http.AskAsync("/ledger/v1/systems/erp/items/a?as_of_position=999");
        (beyond.Status, beyond.Json.Text("code"), beyond.Json.At("errors", 0).Text("pointer")).ShouldBe((HttpStatusCode.BadRequest, "position_beyond_head", "?as_of_position"));
        var then = (await tenant.Http.AskAsync("/ledger/v1/systems/erp/items/a?as_of_position=2")).Ok();
        (then.At("as_of", "position").GetInt64(), then.At("as_of").Text("time"), then.At("failure").Text("at")).ShouldBe((2, "2026-01-01T00:00:01Z", "2026-01-01T00:00:01Z"));
        (await tenant.Http.AskAsync("/ledger/v1/systems/erp/items/a?as_of=2025-12-31T23:59:59Z")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await tenant.Http.AskAsync("/ledger/v1/systems/erp/items/a?as_of_position=0")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Know_that_a_record_was_withheld_then()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("a"));
        await tenant.Http.PostJsonAsync("/ledger/v1/records/a/stage", """{"stage":"review"}""");
        await tenant.Http.PostJsonAsync("/ledger/v1/records/a/stage", """{"stage":"ready"}""");
        await tenant.SealedAsync();

        (await tenant.Http.AskAsync("/ledger/v1/systems/erp/items/a?as_of_position=2")).Ok().Text("status").ShouldBe("withheld");
        (await tenant.Http.AskAsync("/ledger/v1/systems/erp/items/a")).Ok().Text("status").ShouldBe("offered");
    }

    [Theory]
    [InlineData("/ledger/v1/systems/erp/items/a?as_of=2026-01-01T00:00:00Z&as_of_position=1")]
    [InlineData("/ledger/v1/systems/erp/items/a?as_of=yesterday")]
    [InlineData("/ledger/v1/systems/erp/items/a?as_of_position=-1")]
    [InlineData("/ledger/v1/systems/erp/items/a?as_of_position=9223372036854775808")]
    [InlineData("/ledger/v1/records/a/timeline?as_of=2026-02-30T00:00:00Z")]
    [InlineData("/ledger/v1/records/a/timeline?cursor=AAAA")]
    [InlineData("/ledger/v1/events?after=-1")]
    [InlineData("/ledger/v1/events?after=x")]
    [InlineData("/ledger/v1/events?limit=1001")]
    public async Task Refuse_a_malformed_question(string path)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("a"));

        (await tenant.Http.AskAsync(path)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/ledger/v1/records/theirs/timeline")]
    [InlineData("/ledger/v1/systems/erp/items/theirs")]
    [InlineData("/ledger/v1/systems/erp/items/theirs?as_of_position=0")]
    [InlineData("/ledger/v1/systems/erp/items/theirs?as_of=2100-01-01T00:00:00Z")]
    [InlineData("/ledger/v1/records/theirs?as_of=2100-01-01T00:00:00Z")]
    [InlineData("/ledger/v1/records/theirs/timeline?as_of=2100-01-01T00:00:00Z")]
    [InlineData("/ledger/v1/jobs/0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b/timeline")]
    public async Task Of_another_tenant_are_unknown(string path)
    {
        var (tenant, other) = (await host.NewTenantAsync(), await host.NewTenantAsync());
        await other.RegisterAsync(ARecord.Named("theirs"));
        await other.SealedAsync();

        (await tenant.Http.AskAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Feed_every_event_of_the_tenant_page_by_page()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Many(25));
        await tenant.SealedAsync();
        var (positions, after) = (new List<long>(), 0L);
        while (true)
        {
            var page = (await tenant.Http.AskAsync($"/ledger/v1/events?limit=10&after={after}")).Ok();
            if (page.GetProperty("events").GetArrayLength() == 0) break;
            positions.AddRange(page.GetProperty("events").EnumerateArray().Select(recorded => recorded.GetProperty("position").GetInt64()));
            after = page.GetProperty("next_after").GetInt64();
            page.GetProperty("head").GetInt64().ShouldBe(25);
        }

        positions.ShouldBe(Enumerable.Range(1, 25).Select(position => (long)position));
    }

    [Fact]
    public async Task Feed_to_the_head_as_lines()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Many(1_200));
        await tenant.SealedAsync();

        var answer = await tenant.Http.AskAsync("/ledger/v1/events?after=1", ("Accept", "application/x-ndjson"));

        answer.MediaType.ShouldBe("application/x-ndjson");
        answer.Lines.Select(line => line.GetProperty("position").GetInt64()).ShouldBe(Enumerable.Range(2, 1_199).Select(position => (long)position));
    }

    [Fact]
    public async Task Feed_an_event_stream_from_the_last_event_the_caller_saw()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Many(5));
        await tenant.SealedAsync();

        var answer = await tenant.Http.AskAsync("/ledger/v1/events?after=1&limit=2", ("Accept", "text/event-stream"), ("Last-Event-ID", "3"));

        answer.MediaType.ShouldBe("text/event-stream");
        answer.Text.Split('\n').Where(line => line.StartsWith("id: ", StringComparison.Ordinal)).ShouldBe(["id: 4", "id: 5"]);
    }
}
