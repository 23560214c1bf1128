using System.Net;
using System.Text.Json;
using Ledger.Api.Commands;
using Ledger.Api.Tests.Hosting;
using Ledger.Domain;
using Ledger.Domain.Integrations;
using Ledger.Domain.Items;
using Ledger.Domain.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Api.Tests.Webhooks;

/// <summary>One line per step of a webhook test.</summary>
internal static class WebhookCalls
{
    public const string RecordReady = "ACCOUNTING_RECORD_READY_FOR_EXPORT";
    public const string JobCreated = "v1.export-job.created";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Task<Answer> CreateWebhookAsync(this HttpClient http, string body, string? key = null) =>
        http.SendAsync(HttpMethod.Post, "/v1/webhooks", body, headers: key is "" ? [] : [("Idempotency-Key", key ?? Guid.NewGuid().ToString())]);

    /// <returns>The subscription's id.</returns>
    public static async Task<string> SubscribeAsync(this HttpClient http, string url, params string[] types) =>
        (await http.CreateWebhookAsync(JsonSerializer.Serialize(new { url, event_types = types.Length == 0 ? [RecordReady] : types }))).Ok().Text("id");

    public static Task<Answer> PutWebhookAsync(this HttpClient http, string id, string url, string status, params string[] types) =>
        http.SendAsync(HttpMethod.Put, $"/v1/webhooks/{id}", JsonSerializer.Serialize(new { url, event_types = types.Length == 0 ? [RecordReady] : types, status }));

    public static async Task<string> WebhookStatusAsync(this HttpClient http, string id) => (await http.AskAsync($"/v1/webhooks/{id}")).Ok().Text("status");

    /// <summary>The delivery log, newest first, once it holds what the test waits for.</summary>
    public static async Task<IReadOnlyList<JsonElement>> DeliveriesAsync(this HttpClient http, string id, Func<IReadOnlyList<JsonElement>, bool> until)
    {
        var deadline = DateTime.UtcNow + Patience;
        while (true)
        {
            var log = (await http.AskAsync($"/ledger/v1/webhooks/{id}/deliveries")).Ok();
            List<JsonElement> deliveries = [.. log.GetProperty("deliveries").EnumerateArray()];
            if (until(deliveries)) return deliveries;
            if (DateTime.UtcNow > deadline) throw new TimeoutException($"The log never came to hold what was expected: {log.GetRawText()}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    public static async Task<IReadOnlyList<byte[]>> SecretsAsync(this HttpClient http) =>
        [.. (await http.AskAsync("/v1/webhooks/secrets")).Ok().Each("secret").Select(secret => Convert.FromBase64String(secret!))];

    /// <summary>Makes an active integration with the vendor.</summary>
    /// <returns>Ends it again.</returns>
    public static async Task<Func<Task>> ConnectAsync(this TestTenant tenant, LedgerHost host, string vendor = "erp")
    {
        var runner = (await host.ServicesAsync()).GetRequiredService<CommandRunner>();
        var (id, connected) = (IntegrationId.New(), new IntegrationEvent.IntegrationConnected(vendor, "account"));
        Task AppendAsync(IntegrationState state, IntegrationEvent @event) => runner.RunAsync<bool>(tenant.Context, (write, _) =>
        {
            write.Append(id, state, @event);
            return Task.FromResult<Func<DateTimeOffset?, bool>>(_ => true);
        }, TestContext.Current.CancellationToken);
        await AppendAsync(IntegrationState.None, connected);
        return () => AppendAsync(IntegrationDecider.Evolve(IntegrationState.None, connected, DateTimeOffset.UtcNow), new IntegrationEvent.IntegrationDisconnected());
    }

    public static async Task<OpenedJob> OpenJobAsync(this TestTenant tenant, LedgerHost host, JobOrigin origin, params string[] records)
    {
        var open = (await host.ServicesAsync()).GetRequiredService<OpenJob>();
        var (job, _, _) = await open.HandleAsync(tenant.Context with { Dialect = "export_jobs" }, new(new("erp"), origin, null, true, false, 0, origin == JobOrigin.AccountingExports ? "batch_1" : null),
            async (items, token) =>
            {
                var known = await items.LoadAsync(tenant.Id, new("erp"), records.Select(record => new RecordId(record)).ToList(), token);
                return [.. records.Select(record => known.GetValueOrDefault(new RecordId(record)))];
            }, againIfExported: true, started: false, TestContext.Current.CancellationToken);
        return job!;
    }

    public static async Task ReportAsync(this TestTenant tenant, LedgerHost host, string record, ItemCommand command, string system = "erp")
    {
        var report = (await host.ServicesAsync()).GetRequiredService<ReportResults>();
        (await report.EachAsync(tenant.Context, new(system), [(new RecordId(record), command)], TestContext.Current.CancellationToken)).RecordedAt.ShouldNotBeNull();
    }

    public static ItemCommand Exported { get; } = new ItemCommand.ReportExported(ExportReference.None);

    public static void ShouldBeRefused(this Answer answer, HttpStatusCode status, string type)
    {
        answer.Status.ShouldBe(status, answer.Text);
        answer.Json.Text("type").ShouldBe(type);
        answer.Json.Text("message").ShouldNotBeEmpty();
    }
}
