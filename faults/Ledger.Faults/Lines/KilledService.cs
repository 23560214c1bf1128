using System.Diagnostics;
using Ledger.Faults.Machines;

namespace Ledger.Faults.Lines;

/// <summary>F1: the service is killed under load, at any moment or at a named one of an append.</summary>
internal static class KilledService
{
    public static Line AtAnyMoment { get; } = new("F1 service killed at any moment", plan =>
    {
        var random = plan.Random();
        return plan.LoadAsync(new(), plan.Times(quick: 2, full: 100), async site =>
        {
            await Task.Delay(random.Next(200));
            var clock = Stopwatch.StartNew();
            await site.Nodes[0].KillAsync();
            await site.Nodes[0].StartAsync(wait: false);
            await site.RecoveredAsync(clock);
        });
    });

    public static Line BeforeTransaction { get; } = At(Moment.BeforeTransaction, "before its append is sent");

    public static Line HalfSent { get; } = At(Moment.HalfSent, "when half of its append is sent");

    public static Line BeforeCommit { get; } = At(Moment.BeforeCommit, "before the commit");

    public static Line AfterCommit { get; } = At(Moment.AfterCommit, "after the commit, before the answer");

    private static Line At(Moment moment, string words) => new($"F1 service killed {words}", plan => plan.LoadAsync(new() { IsProxied = true }, plan.Times(quick: 1, full: 60), async site =>
    {
        var struck = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var clock = new Stopwatch();
        site.Proxy!.Arm(moment, async () =>
        {
            clock.Start();
            await site.Nodes[0].KillAsync();
            struck.SetResult();
        });
        await struck.Task.WaitAsync(Site.Patience);
        await site.Nodes[0].StartAsync(wait: false);
        await site.RecoveredAsync(clock);
    }));
}
