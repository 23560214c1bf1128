using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ledger.Api.Tests.Hosting;

namespace Ledger.Api.Tests.ThePast;

/// <summary>Makes a history of calls, refused ones included: what is refused has happened to nobody.</summary>
internal sealed class History(TestTenant tenant, ManualClock clock)
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);
    public static readonly string[] Systems = ["erp", "a/b%"];

    private readonly Dictionary<int, string> _uuids = [];
    private readonly List<string> _jobs = [];
    private int _calls;

    public IReadOnlyList<string> Jobs => _jobs;

    public async Task DoAsync(Step step)
    {
        _calls++;
        switch (step)
        {
            case Step.Clock turn:
                clock.Set(Start.AddSeconds(turn.Seconds));
                break;
            case Step.Register register:
                var facets = new { accounting_entries = new { voucher_number = $"V-{register.Variant}", b = 1.50m, a = new[] { "x" } } };
                await PostAsync("/ledger/v1/records", new
                {
                    records = new[]
                    {
                        new { id = $"{register.Record}", amount = new { value = 100 + register.Variant, currency = "EUR" }, text = $"Größe {register.Variant}", stage = register.Ready ? "ready" : "review", facets },
                    },
                });
                var uuid = (await tenant.Http.AskAsync($"/ledger/v1/records/{register.Record}")).Ok().Text("uuid");
                _uuids[register.Record] = uuid;
                break;
            case Step.Stage stage:
                await PostAsync($"/ledger/v1/records/{stage.Record}/stage", new { stage = stage.Ready ? "ready" : "review" });
                break;
            case Step.Withdraw withdraw:
                await SendAsync(HttpMethod.Delete, $"/ledger/v1/records/{withdraw.Record}", null);
                break;
            case Step.Report report:
                object result = report.Success
                    ? new { record_id = $"{report.Record}", outcome = "exported", external_id = $"X-{_calls}", external_url = "https://erp.example/é", exported_at = "2026-02-28T10:00:00.1234567+01:00", note = "n" }
                    : new { record_id = $"{report.Record}", outcome = "failed", failure = new { type = "closed", reason = $"reason {_calls}" } };
                await PostAsync($"/ledger/v1/systems/{Uri.EscapeDataString(Systems[report.System])}/results", new { results = new[] { result } });
                break;
            case Step.Reopen reopen:
                await PostAsync("/ledger/v1/systems/erp/reopen", new { record_ids = new[] { $"{reopen.Record}" }, reason = "restored" });
                break;
            case Step.Mark mark:
                await PostAsync("/v10/accounting-entries/mark-as-exported", new { accounting_entries = new[] { new { accounting_entry_id = mark.Record, system_id = "erp", note = "marked" } } });
                break;
            case Step.Export export:
                await PostAsync("/api/v1/accounting-exports", new { expense_id = $"{export.Record}", target_system = "erp", re_export = true });
                break;
            case Step.CreateJob create:
                var entries = new[] { create.First, create.Second }.Distinct().Select(record => _uuids.GetValueOrDefault(record)).OfType<string>();
                var (status, body) = await PostAsync("/v3/export-jobs", new { companyId = tenant.Id, accountingEntryIds = entries });
                if (status == HttpStatusCode.Created) _jobs.Add(body.At("data").Text("id"));
                break;
            case Step.UpdateItem update when _jobs.Count > 0 && _uuids.TryGetValue(update.Record, out var entry):
                object element = update.Success
                    ? new { accountingEntryId = entry, status = "successful", externalId = $"J-{_calls}" }
                    : new { accountingEntryId = entry, status = "failed", failureReasonType = "tag_unknown", failureReason = "refused" };
                await SendAsync(HttpMethod.Put, $"/v3/export-jobs/{_jobs[^1]}/items", new[] { element });
                break;
            case Step.JobEvent @event when _jobs.Count > 0:
                await PostAsync("/v3/export-job-events", new { jobId = _jobs[^1], @event = @event.Event });
                break;
        }
    }

    private Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, object body) => SendAsync(HttpMethod.Post, path, body);

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await tenant.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        ((int)response.StatusCode).ShouldBeLessThan(500, $"{method} {path}: {text}");
        return (response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }
}
