using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Ledger.Api.Tests.Hosting;

namespace Ledger.Api.Tests.Dialects.ExportJobs;

/// <summary>How often an operation talks to PostgreSQL, counted by Npgsql's own tracing: one activity per batch sent.</summary>
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

        var trips = await CountAsync(client.Http, request);

        trips.Count.ShouldBe(expected, string.Join("\n---\n", trips));
    }

    private static async Task<List<string>> CountAsync(HttpClient http, HttpRequestMessage request)
    {
        var trace = ActivityTraceId.CreateRandom();
        var sent = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.TraceId == trace ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStopped = activity =>
            {
                // The pool is shared with the tests that run meanwhile: when they hold every connection, it opens another one.
                var connecting = activity.DisplayName.StartsWith("CONNECT ", StringComparison.Ordinal);
                if (activity.Source.Name == "Npgsql" && activity.TraceId == trace && !connecting) sent.Enqueue(activity.DisplayName);
            },
        };
        ActivitySource.AddActivityListener(listener);
        request.Headers.TryAddWithoutValidation("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        response.IsSuccessStatusCode.ShouldBeTrue();
        return [.. sent];
    }
}
