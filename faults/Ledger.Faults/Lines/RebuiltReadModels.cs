using Ledger.Faults.Machines;

namespace Ledger.Faults.Lines;

/// <summary>F8: rows of read models are lost under load; a rebuild is killed somewhere, and the next one is let go to its end.</summary>
internal static class RebuiltReadModels
{
    // Queues and counts: nothing is decided by them, so that losing them can make no history that cannot be.
    private static readonly string[] Damages =
    [
        "truncate ledger.pending, ledger.system_counts, ledger.number_blocks",
        "delete from ledger.pending where random() < 0.5",
        "delete from ledger.system_counts where random() < 0.5; delete from ledger.number_blocks where random() < 0.5",
        "update ledger.items set note = 'damaged', external_url = 'https://damaged.example' where random() < 0.5",
    ];

    public static Line Line { get; } = new("F8 read models damaged, the rebuild killed, and rebuilt", async plan =>
    {
        var (random, killed, damage) = (plan.Random(), 0, 0);
        List<string> wrong = [];
        var result = await plan.LoadAsync(new(), plan.Times(quick: 2, full: 60), async site =>
        {
            // Between two appends, as no deadlock is meant to be made.
            await site.Cluster.ExecuteAsync($"begin; lock table ledger.mt_streams in exclusive mode; {Damages[damage++ % Damages.Length]}; commit");
            using (var first = OperatorTool.StartRebuild(site.Cluster))
            {
                // From before it has connected to about its end.
                await Task.Delay(random.Next(600));
                if (!first.HasExited) killed++;
                first.Kill();
                await first.WaitForExitAsync();
            }
            using var second = OperatorTool.StartRebuild(site.Cluster);
            await second.WaitForExitAsync().WaitAsync(Site.Patience);
            // 1: there were differences, and they are mended.
            if (second.ExitCode is not (0 or 1)) wrong.Add($"the rebuild ended with {second.ExitCode}");
            await site.ProgressAsync(20);
        });
        var (asked, unknown) = (result.Findings.Sum(finding => finding.Operations), result.Findings.Sum(finding => finding.Unknown));
        if (!plan.IsQuick && killed == 0) wrong.Add("no rebuild was killed before its end");
        return result with
        {
            Wrong = [.. result.Wrong, .. wrong],
            Remarks = [.. result.Remarks, $"{killed} rebuilds were killed; {asked - unknown} of {asked} requests were answered meanwhile"],
        };
    });
}
