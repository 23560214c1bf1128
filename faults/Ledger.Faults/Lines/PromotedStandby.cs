using System.Diagnostics;

namespace Ledger.Faults.Lines;

/// <summary>F9: the primary is killed under load, with everything it has running; its standby is promoted, and gets a standby of its own.</summary>
internal static class PromotedStandby
{
    public static Line Synchronous { get; } = new("F9 primary killed, its synchronous standby promoted", plan => FailOverAsync(plan, ["synchronous_standby_names=*"], plan.Times(quick: 1, full: 20)));

    /// <summary>Here the loss is measured: nobody has promised that there is none.</summary>
    public static Line Asynchronous { get; } = new("F9 primary killed, its asynchronous standby promoted", async plan =>
    {
        var result = await FailOverAsync(plan, [], plan.Times(quick: 1, full: 20));
        return result with
        {
            IsMeasured = true,
            Remarks = [.. result.Remarks, $"without synchronous_standby_names {result.Findings.Sum(finding => finding.Lost)} of {result.Findings.Sum(finding => finding.Acknowledged)} acknowledged requests were lost in {result.Faults} failovers"],
        };
    });

    private static Task<Result> FailOverAsync(Plan plan, string[] server, int times)
    {
        var random = plan.Random();
        return plan.LoadAsync(new() { IsProxied = true, IsFollowed = true, Server = server }, times, async site =>
        {
            await Task.Delay(random.Next(500));
            var clock = Stopwatch.StartNew();
            await site.Cluster.KillWithChildrenAsync();
            var standby = site.Standby!;
            await standby.PromoteAsync();
            site.Standby = null;
            await site.MoveToAsync(standby);
            site.Standby = await standby.FollowAsync();
            await site.RecoveredAsync(clock);
        });
    }
}
