using System.Net;
using System.Text.Json;
using Ledger.Api.Hosting;
using Ledger.Api.Tests.Hosting;
using Ledger.Clients;
using Microsoft.Extensions.Configuration;

namespace Ledger.Api.Tests.Security;

/// <summary>A service that lets a client through three times at once, and then once a second.</summary>
public sealed class StrictService : IAsyncDisposable
{
    public LedgerHost Host { get; } = LedgerHost.WithSettings(new Dictionary<string, string> { ["Ledger:RequestsPerSecond"] = "1", ["Ledger:RequestBurst"] = "3" });

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}

public sealed class RequestRatesTests(StrictService service) : IClassFixture<StrictService>
{
    private readonly LedgerHost _host = service.Host;

    [Theory]
    [InlineData("/ledger/v1/systems", "code")]
    [InlineData("/v3/accounting/records", "type")]
    [InlineData("/v10/accounting-entries/export?system_id=erp", "errors")]
    [InlineData("/v3/export-jobs", "type")]
    [InlineData("/api/v1/accounting-exports", "error")]
    public async Task A_client_in_a_loop_is_told_to_wait_in_the_contracts_shape_and_nobody_else_is(string address, string member)
    {
        var tenant = await _host.NewTenantAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => tenant.Http.GetAsync(address, TestContext.Current.CancellationToken)));

        var colleague = await tenant.SignInAsync(LedgerScopes.All);
        var usual = (await colleague.GetAsync(address, TestContext.Current.CancellationToken)).StatusCode;
        usual.ShouldNotBe(HttpStatusCode.TooManyRequests, "another client has a bucket of its own");
        answers.Count(answer => answer.StatusCode == usual).ShouldBeGreaterThanOrEqualTo(3, "the burst is let through");
        answers.ShouldAllBe(answer => answer.StatusCode == usual || answer.StatusCode == HttpStatusCode.TooManyRequests);
        var refused = answers.First(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1));
        using var body = JsonDocument.Parse(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        body.RootElement.TryGetProperty(member, out _).ShouldBeTrue(body.RootElement.ToString());
        foreach (var _ in answers) (await (await _host.AnonymousAsync()).GetAsync("/health/live", TestContext.Current.CancellationToken)).IsSuccessStatusCode.ShouldBeTrue();
    }

    [Fact]
    public async Task A_refused_write_wrote_nothing()
    {
        var tenant = await _host.NewTenantAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(number => tenant.Http.PostAsync("/ledger/v1/records",
            new StringContent($$$"""{"records":[{"id":"r{{{number}}}","amount":{"value":1,"currency":"EUR"}}]}""", System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken)));

        answers.ShouldContain(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        await tenant.SealedAsync();
        (await tenant.CountEventsAsync()).ShouldBe(answers.Count(answer => answer.IsSuccessStatusCode));
    }

    [Theory]
    [InlineData("RequestsPerSecond", "0")]
    [InlineData("RequestsPerSecond", "1000001")]
    [InlineData("RequestBurst", "-1")]
    public void A_limit_out_of_bounds_stops_the_start_and_says_what_it_may_be(string name, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new($"Ledger:{name}", value)]).Build();

        Should.Throw<SettingException>(() => LedgerOptions.From(configuration)).Message.ShouldBe($"Ledger:{name} is {value}; it may be 1 to 1000000.");
    }
}
