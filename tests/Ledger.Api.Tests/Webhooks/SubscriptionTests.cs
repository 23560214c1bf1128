using System.Net;
using System.Text.Json;
using Ledger.Api.Tests.Hosting;
using Ledger.Clients;
using static Ledger.Api.Tests.Webhooks.WebhookCalls;

namespace Ledger.Api.Tests.Webhooks;

public sealed class SubscriptionTests(LedgerHost host)
{
    private const string Body = """{"url":"https://erp.example.com/hooks/brex","event_types":["ACCOUNTING_RECORD_READY_FOR_EXPORT"]}""";

    [Fact]
    public async Task A_subscription_is_made_listed_changed_and_ended()
    {
        var http = (await host.NewTenantAsync()).Http;
        var made = (await http.CreateWebhookAsync(Body)).Ok();
        var id = made.Text("id");
        id.ShouldStartWith("wsub_");
        JsonSerializer.Serialize(made).ShouldBe($$"""{"id":"{{id}}","group_id":null,"url":"https://erp.example.com/hooks/brex","event_types":["ACCOUNTING_RECORD_READY_FOR_EXPORT"],"status":"ACTIVE"}""");

        (await http.AskAsync($"/v1/webhooks/{id}")).Text.ShouldBe(JsonSerializer.Serialize(made));
        var changed = (await http.PutWebhookAsync(id, "https://erp.example.com/other", "INACTIVE", JobCreated, RecordReady, JobCreated)).Ok();
        changed.At("event_types").EnumerateArray().Select(type => type.GetString()).ShouldBe([JobCreated, RecordReady]);
        (await http.AskAsync($"/v1/webhooks/{id}")).Text.ShouldBe(JsonSerializer.Serialize(changed));

        var gone = await http.CallAsync(HttpMethod.Delete, $"/v1/webhooks/{id}", null, "");
        (gone.Status, gone.Text).ShouldBe((HttpStatusCode.OK, ""));
        (await http.AskAsync($"/v1/webhooks/{id}")).ShouldBeRefused(HttpStatusCode.NotFound, "WEBHOOK_NOT_FOUND");
        (await http.PutWebhookAsync(id, "https://erp.example.com", "ACTIVE")).ShouldBeRefused(HttpStatusCode.NotFound, "WEBHOOK_NOT_FOUND");
        (await http.AskAsync("/v1/webhooks")).Text.ShouldBe("""{"next_cursor":null,"items":[]}""");
    }

    [Fact]
    public async Task Creating_needs_an_idempotency_key_and_happens_once_per_key()
    {
        var http = (await host.NewTenantAsync()).Http;
        (await http.CreateWebhookAsync(Body, key: "")).ShouldBeRefused(HttpStatusCode.BadRequest, "IDEMPOTENCY_KEY_REQUIRED");

        var first = await http.CreateWebhookAsync(Body, key: "one");
        var again = await http.CreateWebhookAsync(Body, key: "one");
        (again.Ok().Text("id"), again.Headers.Contains("Idempotent-Replayed")).ShouldBe((first.Ok().Text("id"), true));
        (await http.CreateWebhookAsync(Body.Replace("brex", "other", StringComparison.Ordinal), key: "one")).ShouldBeRefused(HttpStatusCode.BadRequest, "IDEMPOTENCY_KEY_REUSED");
        (await http.AskAsync("/v1/webhooks")).Ok().GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task The_list_is_paged_and_the_number_of_subscriptions_bounded()
    {
        var http = (await host.NewTenantAsync()).Http;
        var made = new List<string?>();
        for (var number = 0; number < 20; number++) made.Add((await http.CreateWebhookAsync(Body)).Ok().Text("id"));
        (await http.CreateWebhookAsync(Body)).ShouldBeRefused(HttpStatusCode.BadRequest, "TOO_MANY_SUBSCRIPTIONS");

        var (listed, cursor) = (new List<string?>(), "");
        do
        {
            var page = (await http.AskAsync($"/v1/webhooks?limit=7{cursor}")).Ok();
            listed.AddRange(page.GetProperty("items").Each("id"));
            cursor = page.GetProperty("next_cursor").GetString() is { } next ? $"&cursor={next}" : null;
        }
        while (cursor is not null);
        listed.ShouldBe(made.Order(StringComparer.Ordinal));   // of the ids, each once: two made in one millisecond have no other order
    }

    [Theory]
    [InlineData("""{"url":"http://93.184.216.34","event_types":[]}""")]
    [InlineData("""{"url":"https://erp.example.com"}""")]
    [InlineData("""{"event_types":["ACCOUNTING_RECORD_READY_FOR_EXPORT"]}""")]
    [InlineData("""{"url":"erp.example.com","event_types":["ACCOUNTING_RECORD_READY_FOR_EXPORT"]}""")]
    [InlineData("""{"url":"ftp://erp.example.com","event_types":["ACCOUNTING_RECORD_READY_FOR_EXPORT"]}""")]
    [InlineData("""{"url":"https://user:word@erp.example.com","event_types":["ACCOUNTING_RECORD_READY_FOR_EXPORT"]}""")]
    [InlineData("""{"url":"https://erp.example.com/#part","event_types":["ACCOUNTING_RECORD_READY_FOR_EXPORT"]}""")]
    [InlineData("""{"url":"https://erp.example.com","event_types":["accounting_record_ready_for_export"]}""")]
    [InlineData("""{"url":"https://erp.example.com","event_types":"ACCOUNTING_RECORD_READY_FOR_EXPORT"}""")]
    [InlineData("""{"url":"https://erp.example.com","event_types":["ACCOUNTING_RECORD_READY_FOR_EXPORT"],"group_id":7}""")]
    [InlineData("[]")]
    [InlineData("""{"url":""")]
    [InlineData("")]
    public async Task A_bad_body_is_refused_and_makes_nothing(string body)
    {
        var http = (await host.NewTenantAsync()).Http;
        var answer = await http.CreateWebhookAsync(body);
        answer.Status.ShouldBe(HttpStatusCode.BadRequest, answer.Text);
        answer.Json.Text("message").ShouldNotBeEmpty();
        (await http.AskAsync("/v1/webhooks")).Ok().GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("?limit=1001")]
    [InlineData("?limit=-1")]
    [InlineData("?limit=1&limit=2")]
    [InlineData("?cursor=made-up")]
    public async Task A_bad_query_is_refused(string query) =>
        (await (await host.NewTenantAsync()).Http.AskAsync($"/v1/webhooks{query}")).ShouldBeRefused(HttpStatusCode.BadRequest, "INVALID_REQUEST");

    [Fact]
    public async Task A_status_of_the_ledgers_own_cannot_be_set()
    {
        var http = (await host.NewTenantAsync()).Http;
        var id = await http.SubscribeAsync("https://erp.example.com");
        (await http.PutWebhookAsync(id, "https://erp.example.com", "ERROR")).ShouldBeRefused(HttpStatusCode.BadRequest, "INVALID_REQUEST");
        (await http.WebhookStatusAsync(id)).ShouldBe("ACTIVE");
    }

    [Fact]
    public async Task Another_tenants_and_another_clients_subscription_answer_like_none()
    {
        var (tenant, stranger) = (await host.NewTenantAsync(), await host.NewTenantAsync());
        var id = await tenant.Http.SubscribeAsync("https://erp.example.com");
        var colleague = await tenant.SignInAsync(LedgerScopes.ExportsRead);

        foreach (var http in new[] { stranger.Http, colleague })
        {
            var unknown = await http.AskAsync("/v1/webhooks/wsub_unknown");
            (await http.AskAsync($"/v1/webhooks/{id}")).Text.ShouldBe(unknown.Text);
            (await http.PutWebhookAsync(id, "https://evil.example.com", "ACTIVE")).Status.ShouldBe(HttpStatusCode.NotFound);
            (await http.CallAsync(HttpMethod.Delete, $"/v1/webhooks/{id}", null, "")).Status.ShouldBe(HttpStatusCode.NotFound);
            (await http.AskAsync($"/ledger/v1/webhooks/{id}/deliveries")).Status.ShouldBe(HttpStatusCode.NotFound);
            (await http.AskAsync("/v1/webhooks")).Ok().GetProperty("items").GetArrayLength().ShouldBe(0);
            (await http.AskAsync("/v1/webhooks/secrets")).Text.ShouldBe("[]");
        }
        (await tenant.Http.AskAsync($"/v1/webhooks/{id}")).Ok().Text("url").ShouldBe("https://erp.example.com");
    }

    [Fact]
    public async Task No_credential_and_no_scope_are_refused_in_the_contracts_body()
    {
        (await (await host.AnonymousAsync()).AskAsync("/v1/webhooks")).ShouldBeRefused(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
        (await (await (await host.NewTenantAsync()).SignInAsync(LedgerScopes.RecordsWrite)).AskAsync("/v1/webhooks")).ShouldBeRefused(HttpStatusCode.Forbidden, "FORBIDDEN");
    }
}
