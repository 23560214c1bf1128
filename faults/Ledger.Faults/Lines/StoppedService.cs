using System.Diagnostics;

namespace Ledger.Faults.Lines;

/// <summary>F20: the service is told to stop under load, and started again.</summary>
internal static class StoppedService
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(30);

    public static Line Line { get; } = new("F20 service told to stop", async plan =>
    {
        var random = plan.Random();
        List<TimeSpan> ends = [];
        var result = await plan.LoadAsync(new() { FreshConnections = true }, plan.Times(quick: 1, full: 60), async site =>
        {
            await Task.Delay(random.Next(200));
            var clock = Stopwatch.StartNew();
            ends.Add(await site.Nodes[0].TerminateAsync());
            await site.Nodes[0].StartAsync(wait: false);
            await site.RecoveredAsync(clock);
        });
        var slow = ends.Where(end => end > LongestEnd).Select(end => $"it took {end.TotalSeconds:0.0} s to end");
        return result with
        {
            // One stop of ./test on a machine that does everything else at once says too little about it.
            Wrong = [.. result.Wrong, .. slow, .. plan.IsQuick ? [] : result.BrokenOff.Select(error => $"a request was broken off: {error}")],
            Remarks =
            [
                $"ended within {ends.Max().TotalSeconds:0.0} s at most; {result.BrokenOff.Count} requests were broken off, {result.Findings.Sum(finding => finding.Unanswered)} of them after they had been carried out"
                + string.Concat(result.BrokenOff.CountBy(error => error).Select(error => $"; {error.Value} × {error.Key}")),
            ],
        };
    });
}
