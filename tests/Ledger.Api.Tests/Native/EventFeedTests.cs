using System.IO.Pipelines;
using System.Net;
using System.Text.Json;
using Ledger.Api.Native.History;
using Ledger.Api.Tests.Hosting;
using Ledger.Domain;
using Ledger.Projections.Timelines;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Api.Tests.Native;

public sealed class EventFeedTests(LedgerHost host)
{
    private const string Batch = "application/cloudevents-batch+json";
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Records, three systems with names that need escaping, failures, re-opens and a job: every kind of stream.</summary>
    private async Task<TestTenant> BusyAsync()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync([.. ARecord.Many(20, "a/"), .. ARecord.Many(12, "a%2F"), ARecord.Named("a")]);
        foreach (var system in (string[])["erp", "50%/erp", "erp/a"])
        {
            string Results(int start, int step) => $$"""{"results":[{{string.Join(',', Enumerable.Range(start, 12 - start + 1).Where(number => number % step == 0)
                .Select(number => $$"""{"record_id":"a/{{number}}","outcome":"exported"},{"record_id":"a%2F{{number}}","outcome":"failed","failure":{"reason":"r"} }"""))}}]}""";
            (await tenant.Http.PostJsonAsync($"/ledger/v1/systems/{Uri.EscapeDataString(system)}/results", Results(1, system.Length % 3 + 1))).Ok();
        }
        (await tenant.Http.PostJsonAsync("/ledger/v1/systems/erp/reopen", """{"record_ids":["a/1","a/2","a/3"],"reason":"again"}""")).Ok();
        ((int)(await tenant.Http.PostJsonAsync("/api/v1/accounting-exports/batch", """{"expense_ids":["a/15","a"],"target_system":"erp"}""")).Status).ShouldBeInRange(200, 202);
        await tenant.SealedAsync();
        return tenant;
    }

    private static async Task<List<JsonElement>> PagesAsync(TestTenant tenant, string filter, int limit)
    {
        var (events, after, head) = (new List<JsonElement>(), 0L, 1L);
        while (after < head)
        {
            var page = (await tenant.Http.AskAsync($"/ledger/v1/events?limit={limit}&after={after}&{filter}")).Ok();
            events.AddRange(page.GetProperty("events").EnumerateArray());
            page.GetProperty("next_after").GetInt64().ShouldBeGreaterThan(after);
            (after, head) = (page.GetProperty("next_after").GetInt64(), page.GetProperty("head").GetInt64());
        }
        return events;
    }

    private static IEnumerable<long> Positions(IEnumerable<JsonElement> events) => events.Select(one => one.GetProperty("position").GetInt64());

    [Fact]
    public async Task A_filter_leaves_out_what_it_names_and_nothing_else()
    {
        var tenant = await BusyAsync();
        var whole = await PagesAsync(tenant, "", 100);
        Positions(whole).ShouldBe(Enumerable.Range(1, whole.Count).Select(position => (long)position));
        (string Query, Func<JsonElement, bool> Holds)[] filters =
        [
            ("stream_prefix=item%2Ferp%2F", one => one.Text("stream_id").StartsWith("item/erp/", StringComparison.Ordinal)),
            ("stream_prefix=record/a%252F1", one => one.Text("stream_id").StartsWith("record/a%2F1", StringComparison.Ordinal)),
            ("stream_prefix=job/", one => one.Text("stream_id").StartsWith("job/", StringComparison.Ordinal)),
            ("stream_prefix=item/_", _ => false),
            ("type=item_failed", one => one.Text("type") == "item_failed"),
            ("type=item_failed,record_registered,item_failed", one => one.Text("type") is "item_failed" or "record_registered"),
            ("system_id=erp", one => one.GetProperty("system_id").GetString() == "erp"),
            ("system_id=50%25/erp", one => one.GetProperty("system_id").GetString() == "50%/erp"),
            ("system_id=erp/a", one => one.GetProperty("system_id").GetString() == "erp/a"),
            ("system_id=nobodys", _ => false),
            ("record_id=a/1", one => one.GetProperty("record_id").GetString() == "a/1"),
            ("record_id=a%252F2", one => one.GetProperty("record_id").GetString() == "a%2F2"),
            ("record_id=a", one => one.GetProperty("record_id").GetString() == "a"),
            ("record_id=nobodys", _ => false),
            ("record_id=a/2&system_id=erp", one => one.GetProperty("record_id").GetString() == "a/2" && one.GetProperty("system_id").GetString() == "erp"),
            ("record_id=a/3&type=record_registered,export_reopened", one => one.GetProperty("record_id").GetString() == "a/3" && one.Text("type") is "record_registered" or "export_reopened" && one.GetProperty("record_id").GetString() == "a/3"),
            ("system_id=erp&type=export_reopened&stream_prefix=item/erp/a/2", one => one.Text("stream_id").StartsWith("item/erp/a/2", StringComparison.Ordinal) && one.Text("type") == "export_reopened"),
            ("system_id=erp&stream_prefix=record/", _ => false),
        ];
        foreach (var (query, holds) in filters)
        {
            var wanted = whole.Where(holds).Select(one => one.GetRawText()).ToList();
            (await PagesAsync(tenant, query, 1)).ConvertAll(one => one.GetRawText()).ShouldBe(wanted, query);
            (await PagesAsync(tenant, query, 1_000)).ConvertAll(one => one.GetRawText()).ShouldBe(wanted, query);
            (await tenant.Http.AskAsync($"/ledger/v1/events?{query}", ("Accept", "application/x-ndjson"))).Lines.Select(one => one.GetRawText()).ShouldBe(wanted, query);
            if (wanted.Count == 0) continue;
            var stream = await tenant.Http.AskAsync($"/ledger/v1/events?limit={wanted.Count}&{query}", ("Accept", "text/event-stream"));
            stream.Text.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line[6..]).ShouldBe(wanted, query);
        }
        // Each filter above that is to find something does.
        filters.Count(filter => whole.Exists(one => filter.Holds(one))).ShouldBe(filters.Length - 4);
    }

    [Fact]
    public async Task A_statement_looks_at_a_span_of_positions_and_tells_how_far_it_came()
    {
        var tenant = await BusyAsync();
        var feed = new FilteredFeed((await host.ServicesAsync()).GetRequiredService<EventStore.EventStore>(), span: 7);
        var head = (await PagesAsync(tenant, "", 1_000)).Count;
        var rare = new FeedFilter(Types: ["export_reopened"]);
        var (events, reached) = (new List<long>(), 0L);
        while (reached < head)
        {
            var chunk = await feed.ReadAsync(tenant.Id, reached, head, 100, rare, Token);
            chunk.Reached.ShouldBe(Math.Min(reached + 7, head));
            events.AddRange(chunk.Events.Select(one => one.Position!.Value));
            reached = chunk.Reached;
        }
        events.ShouldBe(Positions(await PagesAsync(tenant, "type=export_reopened", 100)));
        // A record is looked up, not searched for; a full chunk ends at its last event.
        (await feed.ReadAsync(tenant.Id, 0, head, 100, new(Record: new RecordId("a/1")), Token)).Reached.ShouldBe(head);
        (await feed.ReadAsync(tenant.Id, 0, head, 1, new(Record: new RecordId("a/2")), Token)).Reached.ShouldBe(2);
        (await feed.ReadAsync(tenant.Id, 0, head, 2, FeedFilter.Everything, Token)).Reached.ShouldBe(2);
    }

    [Fact]
    public async Task A_stream_moves_the_id_past_what_it_leaves_out()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync([ARecord.Named("wanted"), .. ARecord.Many(9)]);
        await tenant.SealedAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ledger/v1/events?record_id=wanted") { Headers = { { "Accept", "text/event-stream" } } };
        using var response = await tenant.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
        var ids = new List<string>();
        while (ids.Count < 2)
        {
            if (await reader.ReadLineAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Token) is { } line && line.StartsWith("id: ", StringComparison.Ordinal)) ids.Add(line);
        }

        ids.ShouldBe(["id: 1", "id: 10"]);
        // What is read after a blank line belongs to no event: the caller has moved, and nothing was dispatched.
        (await reader.ReadLineAsync(Token)).ShouldBe("");
    }

    [Fact]
    public async Task A_stream_is_never_silent_for_long_though_others_wake_it()
    {
        var tenant = await host.NewTenantAsync();
        var services = await host.ServicesAsync();
        using var signal = new SealedSignal(services.GetRequiredService<Npgsql.NpgsqlDataSource>(), Microsoft.Extensions.Logging.Abstractions.NullLogger<SealedSignal>.Instance);
        var (question, _) = FeedQuestion.Read(new DefaultHttpContext { Request = { Headers = { Accept = "text/event-stream" } } });
        var store = services.GetRequiredService<EventStore.EventStore>();
        var stream = new EventStreamResult(new(store, new FilteredFeed(store), tenant.Id, "origin", question!), signal, TimeProvider.System, TimeSpan.FromMilliseconds(30));
        var pipe = new Pipe();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var sending = stream.SendAsync(pipe.Writer, ending.Token);
        var waking = Task.Run(async () =>
        {
            while (!ending.IsCancellationRequested)
            {
                signal.Signal();
                await Task.Yield();
            }
        }, Token);
        using var reader = new StreamReader(pipe.Reader.AsStream());
        var beats = 0;
        while (beats < 3) beats += await reader.ReadLineAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Token) == ": still here" ? 1 : 0;
        await ending.CancelAsync();
        await waking;
        await Should.ThrowAsync<OperationCanceledException>(sending);
    }

    [Fact]
    public async Task Comes_as_CloudEvents_in_every_form()
    {
        var tenant = await BusyAsync();
        var native = await PagesAsync(tenant, "", 1_000);

        var batch = await tenant.Http.AskAsync("/ledger/v1/events?limit=1000", ("Accept", Batch));

        batch.MediaType.ShouldBe(Batch);
        var cloud = JsonDocument.Parse(batch.Text).RootElement.EnumerateArray().ToList();
        (batch.Headers.GetValues("Ledger-Next-After").Single(), batch.Headers.GetValues("Ledger-Head").Single()).ShouldBe(($"{native.Count}", $"{native.Count}"));
        cloud.Count.ShouldBe(native.Count);
        foreach (var (one, plain) in cloud.Zip(native))
        {
            (one.Text("specversion"), one.Text("id"), one.Text("source"), one.Text("type")).ShouldBe(("1.0", plain.Text("id"), $"export-ledger/{tenant.Id}", $"export-ledger.{plain.Text("type")}"));
            (one.Text("subject"), one.Text("time"), one.Text("sequence"), one.Text("streamversion")).ShouldBe(
                (plain.Text("stream_id"), plain.Text("recorded_at"), plain.GetProperty("position").GetInt64().ToString("D19", null), $"{plain.GetProperty("version").GetInt64()}"));
            one.GetProperty("data").GetRawText().ShouldBe(plain.GetProperty("data").GetRawText());
            foreach (var (attribute, member) in ((string, string)[])[("actor", "actor"), ("dialect", "dialect"), ("systemid", "system_id"), ("recordid", "record_id"), ("correlationid", "correlation_id"), ("causationid", "causation_id")])
                (one.TryGetProperty(attribute, out var value) ? value.GetString() : null).ShouldBe(plain.GetProperty(member).GetString(), attribute);
            // Names of attributes are lower-case letters and digits, their values never null.
            one.EnumerateObject().ShouldAllBe(member => member.Name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter)) && member.Value.ValueKind != JsonValueKind.Null);
        }
        var texts = cloud.ConvertAll(one => one.GetRawText());
        (await tenant.Http.AskAsync("/ledger/v1/events?envelope=cloudevents", ("Accept", "application/x-ndjson"))).Lines.Select(one => one.GetRawText()).ShouldBe(texts);
        (await PagesAsync(tenant, "envelope=cloudevents", 1_000)).ConvertAll(one => one.GetRawText()).ShouldBe(texts);
        (await tenant.Http.AskAsync("/ledger/v1/events?envelope=cloudevents&limit=2", ("Accept", "text/event-stream"))).Text.ShouldContain($"id: 2\nevent: record_registered\ndata: {texts[1]}\n\n");
        // The sequence is a place to go on from, as it stands.
        (await tenant.Http.AskAsync($"/ledger/v1/events?after={cloud[4].Text("sequence")}", ("Accept", "application/cloudevents+json"))).Text.ShouldBe(texts[5]);
        var none = await tenant.Http.AskAsync("/ledger/v1/events?system_id=nobodys", ("Accept", "application/cloudevents+json"));
        (none.Status, none.Headers.GetValues("Ledger-Next-After").Single()).ShouldBe((HttpStatusCode.NoContent, $"{native.Count}"));
    }

    [Theory]
    [InlineData("text/event-stream;q=0.1, application/x-ndjson", "application/x-ndjson")]
    [InlineData("text/html, application/x-ndjson;q=0.2, application/json;q=0.1", "application/x-ndjson")]
    [InlineData("application/x-ndjson;q=0, */*", "application/json")]
    [InlineData("text/html", "application/json")]
    [InlineData("nonsense;;", "application/json")]
    public async Task Comes_in_the_form_the_caller_prefers(string accept, string mediaType) =>
        (await (await host.NewTenantAsync()).Http.AskAsync("/ledger/v1/events", ("Accept", accept))).MediaType.ShouldBe(mediaType);

    [Theory]
    [InlineData("type=item_exportet", "?type", "known are record_registered")]
    [InlineData("type=", "?type", "empty")]
    [InlineData("type=item_failed,", "?type", "no type")]
    [InlineData("system_id=", "?system_id", "empty")]
    [InlineData("record_id=a&record_id=b", "?record_id", "once")]
    [InlineData("stream_prefix=%00", "?stream_prefix", "U+0000")]
    [InlineData("envelope=xml", "?envelope", "native, cloudevents")]
    [InlineData("after=1", "?after", "ends at 0")]
    [InlineData("after=9223372036854775807", "?after", "ends at 0")]
    public async Task Says_which_part_of_a_question_is_wrong(string query, string pointer, string message)
    {
        var tenant = await host.NewTenantAsync();
        foreach (var accept in (string[])["application/json", "application/x-ndjson", "text/event-stream", Batch])
        {
            var answer = await tenant.Http.AskAsync($"/ledger/v1/events?{query}", ("Accept", accept));

            (answer.Status, answer.MediaType).ShouldBe((HttpStatusCode.BadRequest, "application/problem+json"));
            var error = answer.Json.GetProperty("errors").EnumerateArray().ShouldHaveSingleItem();
            error.Text("pointer").ShouldBe(pointer);
            error.Text("message").ShouldContain(message);
        }
    }

    [Theory]
    [InlineData("2", "position_beyond_head")]
    [InlineData("-1", "invalid_request")]
    [InlineData("one", "invalid_request")]
    public async Task Does_not_resume_where_nothing_is(string lastEventId, string code)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("a"));
        await tenant.SealedAsync();

        var answer = await tenant.Http.AskAsync("/ledger/v1/events", ("Accept", "text/event-stream"), ("Last-Event-ID", lastEventId));

        (answer.Status, answer.Json.Text("code"), answer.Json.At("errors", 0).Text("pointer")).ShouldBe((HttpStatusCode.BadRequest, code, "Last-Event-ID"));
    }

    [Fact]
    public async Task Refuses_to_write_one_envelope_under_the_name_of_the_other() =>
        (await (await host.NewTenantAsync()).Http.AskAsync("/ledger/v1/events?envelope=native", ("Accept", Batch))).Status.ShouldBe(HttpStatusCode.BadRequest);
}
