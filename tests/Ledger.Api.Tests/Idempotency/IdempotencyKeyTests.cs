using System.Net;
using System.Net.Http.Json;
using System.Text;
using Ledger.Api.Idempotency;
using Ledger.Api.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Ledger.Api.Tests.Idempotency;

public sealed class IdempotencyKeyTests(LedgerHost host)
{
    private const string Exports = "/api/v1/accounting-exports";
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_request_again_gets_the_first_answer_and_has_no_second_effect()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("e1"));
        var (first, answer) = await SendAsync(tenant.Http, "k-1", """{"expense_id":"e1","target_system":"wms"}""");
        first.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        first.Headers.Contains(IdempotencyMiddleware.ReplayedHeaderName).ShouldBeFalse();
        var events = await tenant.CountEventsAsync();

        // Other white space and another order of members are the same request; the key may be quoted.
        var (again, repeated) = await SendAsync(tenant.Http, "\"k-1\"", """{ "target_system": "wms", "expense_id": "e1" }""");

        again.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        again.Headers.GetValues(IdempotencyMiddleware.ReplayedHeaderName).ShouldBe(["true"]);
        again.Headers.Location.ShouldBe(first.Headers.Location);
        again.Content.Headers.ContentType.ShouldBe(first.Content.Headers.ContentType);
        repeated.ShouldBe(answer);
        (await tenant.CountEventsAsync()).ShouldBe(events);
    }

    [Fact]
    public async Task The_answer_shows_the_time_that_was_recorded()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("e1"));
        var (_, answer) = await SendAsync(tenant.Http, "k", """{"expense_id":"e1","target_system":"wms"}""");
        var initiated = System.Text.Json.JsonDocument.Parse(answer).RootElement.GetProperty("initiated_at").GetDateTimeOffset();
        (await ScalarAsync("select \"timestamp\" from ledger.mt_events where tenant_id = $1 and type = 'export_requested'", tenant)).ShouldBe(initiated.UtcDateTime);
    }

    [Fact]
    public async Task Another_request_under_a_used_key_is_refused()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("e1"), ARecord.Named("e2"));
        await SendAsync(tenant.Http, "k", """{"expense_id":"e1","target_system":"wms"}""");
        var (other, problem) = await SendAsync(tenant.Http, "k", """{"expense_id":"e2","target_system":"wms"}""");
        other.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        problem.ShouldContain("idempotency_key_reused");
    }

    [Fact]
    public async Task A_key_belongs_to_one_client_of_one_tenant_and_one_route()
    {
        var (tenant, other) = (await host.NewTenantAsync(), await host.NewTenantAsync());
        await tenant.RegisterAsync(ARecord.Many(3));
        await other.RegisterAsync(ARecord.Named("r-1"));
        foreach (var http in new[] { tenant.Http, other.Http })
            (await SendAsync(http, "k", """{"expense_id":"r-1","target_system":"wms"}""")).Response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var (batch, _) = await SendAsync(tenant.Http, "k", """{"expense_ids":["r-2","r-3"],"target_system":"wms"}""", "/batch");
        batch.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        batch.Headers.Contains(IdempotencyMiddleware.ReplayedHeaderName).ShouldBeFalse();
    }

    [Fact]
    public async Task Nothing_is_kept_for_a_request_that_wrote_nothing()
    {
        var tenant = await host.NewTenantAsync();
        const string body = """{"expense_id":"later","target_system":"wms"}""";
        (await SendAsync(tenant.Http, "k", body)).Response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await SendAsync(tenant.Http, "k", "{")).Response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await ScalarAsync("select count(*) from ledger.idempotency_keys where tenant_id = $1", tenant)).ShouldBe(0L);

        await tenant.RegisterAsync(ARecord.Named("later"));
        (await SendAsync(tenant.Http, "k", body)).Response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Of_many_at_once_one_has_an_effect_and_the_others_get_its_answer_or_are_told_to_wait()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("e1"));
        var before = await tenant.CountEventsAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SendAsync(tenant.Http, "k", """{"expense_id":"e1","target_system":"wms"}""")));

        answers.ShouldAllBe(answer => answer.Response.StatusCode == HttpStatusCode.Accepted || answer.Body.Contains("idempotency_key_in_use"));
        answers.Where(answer => answer.Response.StatusCode == HttpStatusCode.Accepted).Select(answer => answer.Body).Distinct().ShouldHaveSingleItem();
        (await tenant.CountEventsAsync()).ShouldBe(before + 1);
    }

    [Fact]
    public async Task A_key_whose_request_still_runs_is_answered_409_and_may_be_sent_again()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("e1"));
        const string body = """{"expense_id":"e1","target_system":"wms"}""";
        var dataSource = (await host.ServicesAsync()).GetRequiredService<NpgsqlDataSource>();
        await using var connection = await dataSource.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        // The export must hold the record's stream still, so it waits for this lock.
        await using (var hold = new NpgsqlCommand("select 1 from ledger.mt_streams where tenant_id = $1 and id = 'record/e1' for update", connection) { Parameters = { new() { Value = tenant.Id } } })
            await hold.ExecuteScalarAsync(Token);
        var running = SendAsync(tenant.Http, "k", body);
        await using (var waiting = new NpgsqlCommand("select exists (select 1 from pg_stat_activity where pg_backend_pid() = any (pg_blocking_pids(pid)))", connection))
        {
            while (!running.IsCompleted && await waiting.ExecuteScalarAsync(Token) is not true) await Task.Delay(10, Token);
        }

        var (response, problem) = await SendAsync(tenant.Http, "k", body);
        response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        problem.ShouldContain("idempotency_key_in_use");
        response.Headers.RetryAfter.ShouldNotBeNull();
        await transaction.RollbackAsync(Token);

        var (first, answer) = await running;
        first.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await SendAsync(tenant.Http, "k", body)).Body.ShouldBe(answer);
    }

    [Fact]
    public async Task Requests_with_keys_that_race_for_one_record_are_decided_one_after_the_other()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("e1"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(number => SendAsync(tenant.Http, $"k-{number}", """{"expense_id":"e1","target_system":"wms"}""")));
        answers.Count(answer => answer.Response.StatusCode == HttpStatusCode.Accepted).ShouldBe(1);
        answers.Count(answer => answer.Body.Contains("export_in_progress")).ShouldBe(9);
    }

    [Fact]
    public async Task An_answer_is_forgotten_after_a_week_and_its_key_never_has_a_second_effect()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("e1"));
        const string body = """{"expense_id":"e1","target_system":"wms","re_export":true}""";
        await SendAsync(tenant.Http, "k", body);
        await ScalarAsync("update ledger.idempotency_keys set created_at = created_at - interval '7 days 1 minute' where tenant_id = $1 returning 1", tenant);
        (await (await host.ServicesAsync()).GetRequiredService<IdempotencyKeys>().ForgetAnswersAsync(Token)).ShouldBeGreaterThan(0);

        var (again, problem) = await SendAsync(tenant.Http, "k", body);
        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        problem.ShouldContain("idempotency_answer_expired");
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("ключ")]
    public async Task A_malformed_key_is_refused(string key)
    {
        var tenant = await host.NewTenantAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, Exports) { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation(IdempotencyMiddleware.HeaderName, key);
        (await tenant.Http.SendAsync(request, Token)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_mark_with_a_key_is_made_once()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("7"));
        var before = await tenant.CountEventsAsync();
        for (var time = 0; time < 3; time++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v10/accounting-entries/mark-as-exported")
            {
                Content = JsonContent.Create(new { accounting_entries = new[] { new { accounting_entry_id = 7, system_id = "erp", note = "x" } } }),
            };
            request.Headers.Add(IdempotencyMiddleware.HeaderName, "mark-7");
            (await tenant.Http.SendAsync(request, Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        (await tenant.CountEventsAsync()).ShouldBe(before + 1);
    }

    private static async Task<(HttpResponseMessage Response, string Body)> SendAsync(HttpClient http, string key, string body, string path = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Exports + path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add(IdempotencyMiddleware.HeaderName, key);
        var response = await http.SendAsync(request, Token);
        return (response, await response.Content.ReadAsStringAsync(Token));
    }

    private async Task<object?> ScalarAsync(string sql, TestTenant tenant)
    {
        await using var command = (await host.ServicesAsync()).GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        command.Parameters.Add(new() { Value = tenant.Id });
        return await command.ExecuteScalarAsync(Token);
    }
}
