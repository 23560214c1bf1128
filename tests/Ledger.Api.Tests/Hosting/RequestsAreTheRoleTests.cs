using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Ledger.Api.OpenApi;
using Ledger.EventStore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Ledger.Api.Tests.Hosting;

/// <summary>That whatever a request reads is read as the role the policies hold for: in every reading operation of the published documents, with the few that are not named here (docs/adr/0020).</summary>
public sealed class RequestsAreTheRoleTests : IAsyncLifetime
{
    /// <summary>What requests still ask as the owner, each by a part of its text.</summary>
    private static readonly string[] OfTheOwner =
    [
        "ledger.api_keys", "ledger.access_tokens",          // sign-in looks for the tenant
        "ledger.service_secrets", "ledger.log_keys",        // the service's own, no tenant's
        "select clock_timestamp()",                         // nobody's
    ];

    /// <summary>The keys of the log are everybody's.</summary>
    private const string Everybodys = "/ledger/v1/log/key";

    /// <summary>In whatever belongs to the tenant.</summary>
    private const string Marked = "zebra";

    /// <summary>A position all of whose events are there once everything is arranged.</summary>
    private const int Head = 8;

    private readonly LedgerHost _host = LedgerHost.WithSettings(new Dictionary<string, string>());
    private TestTenant _tenant = null!;
    private string _job = "", _entry = "", _export = "", _subscription = "", _event = "";
    private long _checkpoint;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _tenant = await _host.NewTenantAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task No_request_asks_as_the_owner_but_for_a_few()
    {
        var sent = new ConcurrentQueue<(string? Source, string Sql)>();
        var trace = ActivityTraceId.CreateRandom();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.TraceId == trace ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStopped = activity =>
            {
                if (activity.Source.Name == "Npgsql" && activity.TraceId == trace && activity.GetTagItem("db.query.text") is string sql) sent.Enqueue((activity.GetTagItem("db.npgsql.data_source") as string, sql));
            },
        };
        ActivitySource.AddActivityListener(listener);
        _tenant.Http.DefaultRequestHeaders.TryAddWithoutValidation("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");

        await ArrangeAsync();
        foreach (var path in await PathsAsync()) (await _tenant.Http.AskAsync(path)).Status.ShouldBe(HttpStatusCode.OK, path);
        await EndAsync();

        var (requests, owner) = ($"role={RowSecurity.Role}", sent.Where(statement => statement.Source?.Contains($"role={RowSecurity.Role}", StringComparison.Ordinal) is not true).ToList());
        sent.Count(statement => statement.Source?.Contains(requests, StringComparison.Ordinal) is true).ShouldBeGreaterThan(60);
        owner.Where(statement => !OfTheOwner.Any(part => statement.Sql.Contains(part, StringComparison.Ordinal))).Select(statement => statement.Sql).Distinct().ShouldBeEmpty();
    }

    /// <summary>The predicates are right here and the policies' tenant is wrong: who asks as the role finds nothing, as a statement does that forgot its predicate.</summary>
    [Fact]
    public async Task What_the_policies_hide_no_reading_request_tells()
    {
        await ArrangeAsync();
        var before = new Dictionary<string, string>();
        foreach (var path in await PathsAsync()) before[path] = (await _tenant.Http.AskAsync(path)).Text;
        before.Values.Count(text => text.Contains(Marked, StringComparison.Ordinal)).ShouldBeGreaterThan(30);
        await using (var nobody = (await _host.ServicesAsync()).GetRequiredService<NpgsqlDataSource>().CreateCommand("""
            create or replace procedure ledger.act_for(tenant varchar) language plpgsql as $$
            begin
                perform set_config('ledger.tenant', 'nobody', true);
            end $$
            """)) await nobody.ExecuteNonQueryAsync(Token);

        var told = new List<string>();
        foreach (var (path, text) in before.Where(asked => asked.Key != Everybodys))
        {
            var answer = await _tenant.Http.AskAsync(path);
            if (answer.Text == text || answer.Text.Contains(Marked, StringComparison.Ordinal) && answer.Status == HttpStatusCode.OK || (int)answer.Status >= 500) told.Add($"{path}: {(int)answer.Status} {answer.Text}");
        }
        told.ShouldBeEmpty();
    }

    // Everything a tenant can have, made by requests.
    private async Task ArrangeAsync()
    {
        await _tenant.RegisterAsync([.. Enumerable.Range(1, 3).Select(number => ARecord.Named($"zebra-{number}", text: Marked)), ARecord.Named("zebra-review", Domain.Records.Stage.Review)]);
        (await _tenant.Http.PostJsonAsync("/ledger/v1/systems/erp/results", """{"results":[{"record_id":"zebra-1","outcome":"exported","external_id":"zebra-JE"}]}""")).Ok();
        _entry = (await _tenant.Http.AskAsync("/ledger/v1/records/zebra-2")).Ok().Text("uuid");
        _job = (await PostAsync("/v3/export-jobs", new { companyId = _tenant.Id, accountingEntryIds = new[] { _entry } })).At("data").Text("id");
        _export = (await PostAsync("/api/v1/accounting-exports", new { expense_id = "zebra-3", target_system = "tripletex" })).Text("export_id");
        await PostAsync("/v3/accounting/integration", new { vendor = "NETSUITE", vendor_account_id = "zebra" });
        var made = await _tenant.Http.SendAsync(HttpMethod.Post, "/v1/webhooks", """{"url":"https://erp.example.com/zebra","event_types":["ACCOUNTING_RECORD_READY_FOR_EXPORT"]}""", headers: ("Idempotency-Key", "zebra"));
        _subscription = made.Ok().Text("id");
        await _tenant.SealedAsync();
        for (var attempt = 0; attempt < 1_200 && (await _tenant.Http.AskAsync($"/ledger/v1/log/inclusion?position={Head}")).Status != HttpStatusCode.OK; attempt++) await Task.Delay(50, Token);
        _event = (await _tenant.Http.AskAsync("/ledger/v1/log/inclusion?position=5")).Ok().Text("event_id");
        _checkpoint = (await _tenant.Http.AskAsync("/ledger/v1/log/checkpoints")).Ok().At("checkpoints", 0, "size").GetInt64();
    }

    /// <summary>Each reading operation of the documents, in the ways that ask the database differently. A new operation has to be added here.</summary>
    private async Task<List<string>> PathsAsync()
    {
        var time = await (await _host.ServicesAsync()).GetRequiredService<EventStore.EventStore>().NowAsync(Token);
        var (now, from, then) = (Uri.EscapeDataString($"{time:O}"), Uri.EscapeDataString($"{time.AddHours(-1):O}"), $"as_of_position={Head}");
        var ways = new Dictionary<string, string[]>
        {
            ["/ledger/v1/records"] = ["", "?limit=2", "?kind=accounting_entry&stage=ready"],
            ["/ledger/v1/records/{id}"] = ["zebra-1", $"zebra-1?{then}", $"zebra-1?as_of={now}"],
            ["/ledger/v1/records/{id}/timeline"] = ["zebra-1", $"zebra-1?{then}", "zebra-1?system_id=erp&limit=1"],
            ["/ledger/v1/jobs"] = ["", "?limit=1&system_id=erp&origin=export_jobs"],
            ["/ledger/v1/jobs/{id}"] = [_job, $"{_job}?{then}", $"{_job}?as_of={now}"],
            ["/ledger/v1/jobs/{id}/timeline"] = [_job, $"{_job}?{then}"],
            ["/ledger/v1/systems"] = ["", $"?{then}", $"?as_of={now}"],
            ["/ledger/v1/systems/{system_id}/items/{record_id}"] = ["erp/items/zebra-1", $"erp/items/zebra-1?{then}", $"erp/items/zebra-1?as_of={now}"],
            ["/ledger/v1/systems/{system_id}/not-exported"] = ["erp", "erp?limit=1", $"erp?{then}", $"unseen?as_of={now}"],
            ["/ledger/v1/events"] = ["", "?type=item_exported", "?system_id=erp", "?record_id=zebra-1", "?stream_prefix=record/", "?envelope=cloudevents"],
            ["/ledger/v1/diff"] = [$"?from=1&to={Head}", $"?from=1&to={Head}&system_id=erp", $"?from=1&to={now}"],
            ["/ledger/v1/log/checkpoint"] = [""],
            ["/ledger/v1/log/checkpoint/{size}"] = [string.Create(CultureInfo.InvariantCulture, $"{_checkpoint}")],
            ["/ledger/v1/log/checkpoints"] = ["", "?limit=1"],
            ["/ledger/v1/log/inclusion"] = ["?position=5", $"?event_id={_event}"],
            ["/ledger/v1/log/consistency"] = ["?from=3"],
            ["/ledger/v1/log/tile/{path}"] = ["0/000.p/5", "entries/000.p/5"],
            ["/ledger/v1/log/key"] = [""],
            ["/ledger/v1/export"] = ["", "?system_id=erp", $"?from={from}", "?format=csv"],
            ["/ledger/v1/export/proof"] = [""],
            ["/ledger/v1/export/manifest"] = ["", "?system_id=erp"],
            ["/ledger/v1/webhooks/{id}/deliveries"] = [_subscription],
            ["/v1/webhooks"] = [""],
            ["/v1/webhooks/{id}"] = [_subscription],
            ["/v1/webhooks/secrets"] = [""],
            ["/v3/accounting/records"] = ["", "?review_status=READY_FOR_EXPORT", "?review_status=REVIEW", "?ids=zebra-1", "?limit=1"],
            ["/v3/accounting/records/{record_id}"] = ["zebra-1"],
            ["/v3/export-items"] = [$"?job_id={_job}"],
            ["/v3/export-job-items"] = [$"?accounting_entry_id={_entry}"],
            ["/v3/export-jobs"] = [""],
            ["/v3/export-jobs/{jobId}"] = [_job],
            ["/v3/export-jobs/{jobId}/items"] = [_job],
            ["/api/v1/accounting-exports"] = ["", "?expense_id=zebra-3"],
            ["/api/v1/accounting-exports/{id}"] = [_export],
            ["/v10/accounting-entries/export"] = ["?system_id=erp", "?system_id=erp&not_exported_since=2020-01-01"],
        };
        var paths = new List<string>();
        using var anonymous = await _host.AnonymousAsync();
        foreach (var document in ApiDocuments.All)
        {
            using var parsed = JsonDocument.Parse(await anonymous.GetStringAsync($"/swagger/{document.Name}/swagger.json", Token));
            foreach (var path in parsed.RootElement.GetProperty("paths").EnumerateObject().Where(path => path.Value.TryGetProperty("get", out _)).Select(path => path.Name))
            {
                ways.ShouldContainKey(path, "a new operation: say how it is asked");
                var start = path.IndexOf('{', StringComparison.Ordinal) is >= 0 and var at ? at : path.Length;
                var end = path.LastIndexOf('}') + 1;
                paths.AddRange(ways[path].Select(way => way.Split('?') is [var ids, ..] ? $"{path[..start]}{ids}{path[Math.Max(start, end)..]}{way[ids.Length..]}" : ""));
            }
        }
        return paths;
    }

    private async Task<JsonElement> PostAsync(string path, object body)
    {
        var answer = await _tenant.Http.PostJsonAsync(path, JsonSerializer.Serialize(body));
        ((int)answer.Status).ShouldBeInRange(200, 299, answer.Text);
        return answer.Json;
    }

    private async Task EndAsync()
    {
        await _tenant.Http.SendAsync(HttpMethod.Put, $"/v1/webhooks/{_subscription}", """{"url":"https://erp.example.com/zebra","event_types":["v1.export-job.created"],"status":"INACTIVE"}""");
        await _tenant.Http.PostJsonAsync("/ledger/v1/webhooks/secrets/rotate", "");
        (await _tenant.Http.CallAsync(HttpMethod.Delete, $"/v1/webhooks/{_subscription}", null, "")).Status.ShouldBe(HttpStatusCode.OK);
    }
}
