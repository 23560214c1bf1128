using System.Diagnostics;
using Ledger.Faults.Machines;

namespace Ledger.Faults.Lines;

/// <summary>F4: connections between the service and PostgreSQL are reset after a commit, or freeze.</summary>
internal static class BrokenConnections
{
    public static Line Reset { get; } = new("F4 connection reset after the commit", plan => plan.LoadAsync(new() { IsProxied = true }, plan.Times(quick: 10, full: 500), async site =>
    {
        var struck = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var clock = new Stopwatch();
        site.Proxy!.Arm(Moment.AfterCommit, () =>
        {
            clock.Start();
            struck.SetResult();
            return Task.CompletedTask;
        });
        await struck.Task.WaitAsync(Site.Patience);
        await site.RecoveredAsync(clock);
    }));

    public static Line Frozen { get; } = new("F4 connections frozen for 5 s", plan => plan.LoadAsync(new() { IsProxied = true }, plan.Times(quick: 1, full: 30), async site =>
    {
        site.Proxy!.Freeze();
        await Task.Delay(TimeSpan.FromSeconds(5));
        var clock = Stopwatch.StartNew();
        site.Proxy.Thaw();
        await site.RecoveredAsync(clock);
    }));
}
