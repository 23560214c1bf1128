using System.Diagnostics;

namespace Ledger.Bench.Load;

/// <param name="Items">Made durable, or read.</param>
internal sealed record LoopResult(long Items, TimeSpan Elapsed, Latencies Latencies)
{
    public double PerSecond => Items / Elapsed.TotalSeconds;
}

/// <summary>The two ways to put load on something. A closed loop finds out how much it can do, an open loop how long it takes.</summary>
internal static class Loops
{
    /// <summary>Each worker sends its next request when the last one is answered, until the time is over or it has nothing left to do.</summary>
    /// <param name="work">Does one request for a worker; returns how many items it did, 0 to end the worker.</param>
    public static async Task<LoopResult> ClosedAsync(int workers, TimeSpan duration, Func<int, Task<int>> work)
    {
        var (latencies, items) = (new Latencies[workers], new long[workers]);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(async () =>
        {
            latencies[worker] = new();
            while (Stopwatch.GetElapsedTime(started) < duration)
            {
                var before = Stopwatch.GetTimestamp();
                var done = await work(worker);
                if (done == 0) break;
                items[worker] += done;
                latencies[worker].Add(Stopwatch.GetElapsedTime(before));
            }
        })));
        return Merge(Stopwatch.GetElapsedTime(started), latencies, items);
    }

    /// <summary>
    /// Requests are due at a fixed rate, whatever becomes of the earlier ones, and a latency is counted from the moment its request was due:
    /// what waits because something before it was slow counts as slow (no coordinated omission). Timers wake up to a millisecond late; that is counted too.
    /// </summary>
    /// <param name="workers">Connections; a request that is due waits for a free one.</param>
    /// <param name="isOver">Ends the loop before its time: asked when a request is due.</param>
    public static async Task<LoopResult> OpenAsync(int workers, double requestsPerSecond, TimeSpan duration, Func<int, Task<int>> work, Func<bool>? isOver = null)
    {
        var (latencies, items) = (new Latencies[workers], new long[workers]);
        var next = -1L;
        var total = (long)(requestsPerSecond * duration.TotalSeconds);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(async () =>
        {
            latencies[worker] = new();
            for (long request; (request = Interlocked.Increment(ref next)) < total;)
            {
                var due = TimeSpan.FromSeconds(request / requestsPerSecond);
                var early = due - Stopwatch.GetElapsedTime(started);
                if (early > TimeSpan.Zero) await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(early.TotalMilliseconds)));
                if (isOver?.Invoke() == true) break;
                var done = await work(worker);
                if (done == 0) break;
                items[worker] += done;
                latencies[worker].Add(Stopwatch.GetElapsedTime(started) - due);
            }
        })));
        return Merge(Stopwatch.GetElapsedTime(started), latencies, items);
    }

    private static LoopResult Merge(TimeSpan elapsed, Latencies[] latencies, long[] items)
    {
        var all = new Latencies();
        foreach (var own in latencies) all.Add(own);
        return new(items.Sum(), elapsed, all);
    }
}
