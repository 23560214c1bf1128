using System.Text;
using System.Text.Json;
using Ledger.Api.Tests.Hosting;

namespace Ledger.Api.Tests.Dialects.ExportJobs;

/// <summary>How often an operation of this contract talks to PostgreSQL. Writing/RoundTripsOfWritesTests has the other contracts' writes.</summary>
public sealed class RoundTripTests(LedgerHost host)
{
    [Theory]
    [InlineData("PUT /v3/export-jobs/JOB/items", 2)]   // state of the job and of a hundred items; events and read models
    [InlineData("GET /v3/export-jobs", 1)]
    [InlineData("GET /v3/export-jobs/JOB", 1)]
    [InlineData("GET /v3/export-jobs/JOB/items?limit=100", 1)]
    [InlineData("GET /v3/export-items?job_id=JOB&limit=100", 1)]
    public async Task Round_trips_of(string operation, int expected)
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(100);
        var job = await client.StartedJobAsync(entries);
        await client.GetAsync("/v3/export-jobs");   // the credential and the cursor key are known now
        var (method, address) = (operation.Split(' ')[0], operation.Split(' ')[1].Replace("JOB", job, StringComparison.Ordinal));
        using var request = new HttpRequestMessage(new(method), address);
        if (method == "PUT") request.Content = new StringContent(JsonSerializer.Serialize(entries.Select(entry => JobsClient.Item(entry, "successful", "JE-1"))), Encoding.UTF8, "application/json");

        var trips = await RoundTrips.CountAsync(client.Http, request);

        trips.Count.ShouldBe(expected, string.Join("\n---\n", trips));
    }
}
