using System.Diagnostics;

namespace Ledger.Faults.Lines;

/// <summary>F2: PostgreSQL is killed under load, and started again as a supervisor would.</summary>
internal static class KilledDatabase
{
    public static Line AtAnyMoment { get; } = new("F2 PostgreSQL killed", plan =>
    {
        var random = plan.Random();
        return plan.LoadAsync(new(), plan.Times(quick: 2, full: 300), async site =>
        {
            await Task.Delay(random.Next(200));
            var clock = Stopwatch.StartNew();
            await site.Cluster.KillAsync();
            await site.Cluster.StartServerAsync();
            await site.RecoveredAsync(clock);
        });
    });
}
