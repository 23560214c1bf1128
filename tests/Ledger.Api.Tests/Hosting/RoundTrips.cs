using System.Collections.Concurrent;
using System.Diagnostics;

namespace Ledger.Api.Tests.Hosting;

/// <summary>How often a request talks to PostgreSQL, counted by Npgsql's own tracing: one activity per batch sent. A commit of a transaction that was begun by itself has none.</summary>
internal static class RoundTrips
{
    /// <returns>What was sent, in order. The request has to succeed.</returns>
    public static async Task<List<string>> CountAsync(HttpClient http, HttpRequestMessage request)
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
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return [.. sent];
    }
}
