using System.Diagnostics;

namespace Ledger.Bench;

/// <summary>One run of one line.</summary>
/// <param name="AllocatedPerItem">Bytes of this process; null where the work is done by another one.</param>
internal sealed record Run(double ItemsPerSecond, double P50Milliseconds, double P99Milliseconds, double? AllocatedPerItem);

/// <summary>A closed loop: each worker sends its next batch when the last one is durable.</summary>
internal static class Measurement
{
    /// <param name="work">Does one batch for a worker; returns how many items it made durable.</param>
    public static async Task<Run> ClosedLoopAsync(int workers, TimeSpan duration, bool countAllocations, Func<int, int, Task<int>> work)
    {
        var latencies = new List<double>[workers];
        var items = new long[workers];
        var allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(async () =>
        {
            latencies[worker] = [];
            for (var round = 0; Stopwatch.GetElapsedTime(started) < duration; round++)
            {
                var before = Stopwatch.GetTimestamp();
                items[worker] += await work(worker, round);
                latencies[worker].Add(Stopwatch.GetElapsedTime(before).TotalMilliseconds);
            }
        })));
        var elapsed = Stopwatch.GetElapsedTime(started);
        var sorted = latencies.SelectMany(list => list).Order().ToList();
        var total = items.Sum();
        return new(total / elapsed.TotalSeconds, At(sorted, 0.50), At(sorted, 0.99),
            countAllocations ? (GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore) / (double)total : null);
    }

    private static double At(List<double> sorted, double quantile) => sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * quantile))];
}
