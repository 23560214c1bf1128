using Ledger.Api.Tests.Hosting;

namespace Ledger.Api.Tests.Queries;

/// <summary>How often the reading routes that are asked most talk to PostgreSQL. Export jobs have theirs in Dialects/ExportJobs/RoundTripTests, writes in Writing/RoundTripsOfWritesTests.</summary>
public sealed class RoundTripsOfReadsTests(LedgerHost host)
{
    private const int Many = 40;

    [Theory]
    [InlineData("/ledger/v1/systems/erp/not-exported?limit=10", 2)]   // has the system a queue; the page
    [InlineData("/ledger/v1/systems/erp/not-exported?limit=100&since=2020-01-01T00:00:00Z", 2)]
    [InlineData("/v10/accounting-entries/export?system_id=erp&limit=20", 2)]
    [InlineData("/v10/accounting-entries/export?system_id=erp&limit=20&not_exported_since=2020-01-01T00:00:00Z", 2)]
    [InlineData("/ledger/v1/systems/erp/items/1", 2)]   // what the answer speaks for; the item
    [InlineData("/ledger/v1/systems/erp/items/1?as_of_position=40", 1)]
    [InlineData("/ledger/v1/systems/erp/items/1?as_of=TIME", 2)]   // the moment's position; the streams
    [InlineData("/ledger/v1/systems/erp/items/1?as_of=2999-01-01T00:00:00Z", 4)]   // not over yet: until everything is sealed, then its position again
    [InlineData("/ledger/v1/records/1", 1)]
    [InlineData("/ledger/v1/records/1?as_of_position=40", 2)]
    [InlineData("/ledger/v1/records/1/timeline", 1)]
    [InlineData("/ledger/v1/records/1/timeline?system_id=erp", 1)]
    [InlineData("/ledger/v1/records?limit=10", 1)]
    [InlineData("/ledger/v1/systems", 1)]
    [InlineData("/ledger/v1/events?limit=10", 2)]   // the head; the events
    [InlineData("/v3/accounting/records", 2)]   // which system is connected; the records
    [InlineData("/v3/accounting/records/1", 2)]
    [InlineData("/api/v1/accounting-exports/EXPORT", 1)]
    public async Task Round_trips_of(string path, int expected)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync([.. Enumerable.Range(1, Many).Select(number => ARecord.Named($"{number}"))]);
        (await tenant.Http.PostJsonAsync("/ledger/v1/systems/erp/results", """{"results":[{"record_id":"1","outcome":"exported"}]}""")).Ok();
        var export = (await tenant.Http.PostJsonAsync("/api/v1/accounting-exports", """{"expense_id":"2","target_system":"erp"}""")).Json.Text("export_id");
        await tenant.SealedAsync();
        (await tenant.Http.AskAsync("/ledger/v1/systems/erp/not-exported?limit=1")).Ok();   // the credential and the cursor key are known now
        var registered = (await tenant.Http.AskAsync("/ledger/v1/records/1/timeline")).Ok().At("events", 0).Text("recorded_at");
        using var request = new HttpRequestMessage(HttpMethod.Get, path.Replace("EXPORT", export, StringComparison.Ordinal).Replace("TIME", registered, StringComparison.Ordinal));

        var trips = await RoundTrips.CountAsync(tenant.Http, request);

        trips.Count.ShouldBe(expected, string.Join("\n---\n", trips));
    }
}
