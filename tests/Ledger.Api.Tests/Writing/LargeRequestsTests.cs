using System.Globalization;
using System.Net;
using System.Text.Json;
using Ledger.Api.Commands;
using Ledger.Api.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Api.Tests.Writing;

/// <summary>Requests about more records than a small write has: they wait for room, small ones pass them, and the room comes back.</summary>
public sealed class LargeRequestsTests : IAsyncDisposable
{
    private const int Many = LargeWrites.MaxSmall + 1;

    // Of its own: it is crowded here.
    private readonly LedgerHost _host = LedgerHost.WithSettings(new Dictionary<string, string>());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("a-key")]
    public async Task Wait_for_room_and_give_it_back(string? key)
    {
        var tenant = await _host.NewTenantAsync();
        var entries = (await tenant.RegisterAsync(ARecord.Many(Many))).Select(record => record.Uuid.ToString()).ToList();
        await tenant.RegisterAsync(ARecord.Named("small"));
        var job = "";
        foreach (var (request, body) in new (string, Func<string>)[]
        {
            ("/ledger/v1/records", () => List("records", number => $$$"""{"id":"new-{{{number}}}","amount":{"value":1,"currency":"EUR"}}""")),
            ("/ledger/v1/systems/erp/results", () => List("results", number => $$"""{"record_id":"r-{{number}}","outcome":"exported"}""")),
            ("/v3/export-jobs", () => $$"""{"companyId":"{{tenant.Id}}","accountingEntryIds":{{JsonSerializer.Serialize(entries)}}}"""),
            ("/v3/export-job-events", () => $$"""{"jobId":"{{job}}","event":"failed","failureType":"expired_authentication"}"""),
        })
        {
            var answer = await WaitsAsync(tenant, request, body(), key is null ? null : $"{key} {request}");
            answer.IsSuccessStatusCode.ShouldBeTrue($"{request}: {await answer.Content.ReadAsStringAsync(Token)}");
            if (request == "/v3/export-jobs") job = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token)).RootElement.GetProperty("data").GetProperty("id").GetString()!;
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("a-key")]
    public async Task Give_it_back_when_they_are_refused(string? key)
    {
        var tenant = await _host.NewTenantAsync();
        var unknown = JsonSerializer.Serialize(Enumerable.Range(0, Many).Select(_ => Guid.NewGuid()));

        var answer = await WaitsAsync(tenant, "/v3/export-jobs", $$"""{"companyId":"{{tenant.Id}}","accountingEntryIds":{{unknown}}}""", key);

        ((int)answer.StatusCode).ShouldBeInRange(400, 499);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task<HttpResponseMessage> WaitsAsync(TestTenant tenant, string path, string body, string? key)
    {
        var large = (await _host.ServicesAsync()).GetRequiredService<LargeWrites>();
        var all = await large.EnterAsync(Somebody, LargeWrites.ItemsAtOnce, Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, null, "application/json") };
        if (key is not null) request.Headers.Add("Idempotency-Key", key.Replace(' ', '-'));
        var answer = tenant.Http.SendAsync(request, Token);

        (await tenant.Http.PostJsonAsync("/ledger/v1/systems/erp/results", """{"results":[{"record_id":"small","outcome":"exported"}]}""")).Status.ShouldBe(HttpStatusCode.OK);
        for (var attempt = 0; large.ItemsWaiting < Many; attempt++)
        {
            answer.IsCompleted.ShouldBeFalse($"{path} should wait for room");
            attempt.ShouldBeLessThan(6_000, path);
            await Task.Delay(10, Token);
        }
        all!.Dispose();
        var answered = await answer;
        var again = large.EnterAsync(Somebody, LargeWrites.ItemsAtOnce, Token);
        again.IsCompletedSuccessfully.ShouldBeTrue($"{path} should have given its room back");
        (await again)!.Dispose();
        return answered;
    }

    private static CommandContext Somebody => new(Guid.NewGuid().ToString(), "somebody", "native", "correlation");

    private static string List(string name, Func<string, string> element) =>
        $$"""{"{{name}}":[{{string.Join(',', Enumerable.Range(1, Many).Select(number => element(number.ToString(CultureInfo.InvariantCulture))))}}]}""";
}
