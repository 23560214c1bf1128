using System.Diagnostics;
using Ledger.Faults.Machines;

namespace Ledger.Faults.Lines;

/// <summary>The faults, one method each. The numbers F… are those of docs/reliability.md.</summary>
/// <param name="assembly">Path of <c>Ledger.Api.dll</c>.</param>
/// <param name="count">How often each fault is injected.</param>
internal sealed class Campaign(string assembly, int count, int seed, int workers)
{
    private readonly Random _random = new(seed);

    public IReadOnlyList<(string Name, Func<Task<Result>> Run)> Lines =>
    [
        ("F1 service killed at any moment", KillServiceAsync),
        .. Enum.GetValues<Moment>().Select(moment => ($"F1 service killed {Words(moment)}", (Func<Task<Result>>)(() => KillServiceAtAsync(moment)))),
        ("F2 PostgreSQL killed", KillDatabaseAsync),
        ("F4 connection reset after the commit", ResetAsync),
        ("F4 connections frozen for 5 s", FreezeAsync),
        ("F5 disk full", FillDiskAsync),
        ("F7 sealing node frozen and replaced", FreezeLeaderAsync),
        ("F10 every request two or three times", RepeatAsync),
        ("F20 service told to stop", StopAsync),
    ];

    private Task<Result> KillServiceAsync() => OnAsync("F1 service killed at any moment", nodes: 1, proxied: false, site => TimesAsync(async () =>
    {
        await Task.Delay(_random.Next(200));
        var clock = Stopwatch.StartNew();
        await site.Nodes[0].KillAsync();
        await site.Nodes[0].StartAsync(wait: false);
        await site.RecoveredAsync(clock);
    }));

    private Task<Result> KillServiceAtAsync(Moment moment) => OnAsync($"F1 service killed {Words(moment)}", nodes: 1, proxied: true, site => TimesAsync(async () =>
    {
        var struck = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var clock = new Stopwatch();
        site.Proxy!.Arm(moment, async () =>
        {
            clock.Start();
            await site.Nodes[0].KillAsync();
            struck.SetResult();
        });
        await struck.Task;
        await site.Nodes[0].StartAsync(wait: false);
        await site.RecoveredAsync(clock);
    }));

    private Task<Result> KillDatabaseAsync() => OnAsync("F2 PostgreSQL killed", nodes: 1, proxied: false, site => TimesAsync(async () =>
    {
        await Task.Delay(_random.Next(200));
        var clock = Stopwatch.StartNew();
        await site.Cluster.KillAsync();
        await site.Cluster.StartServerAsync();
        await site.RecoveredAsync(clock);
    }));

    private Task<Result> ResetAsync() => OnAsync("F4 connection reset after the commit", nodes: 1, proxied: true, site => TimesAsync(async () =>
    {
        var struck = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var clock = new Stopwatch();
        site.Proxy!.Arm(Moment.AfterCommit, () =>
        {
            clock.Start();
            struck.SetResult();
            return Task.CompletedTask;
        });
        await struck.Task;
        await site.RecoveredAsync(clock);
    }, 5 * count));

    private Task<Result> FreezeAsync() => OnAsync("F4 connections frozen for 5 s", nodes: 1, proxied: true, site => TimesAsync(async () =>
    {
        site.Proxy!.Freeze();
        await Task.Delay(TimeSpan.FromSeconds(5));
        var clock = Stopwatch.StartNew();
        site.Proxy.Thaw();
        await site.RecoveredAsync(clock);
    }, Math.Max(1, count / 3)));

    private Task<Result> RepeatAsync() => OnAsync("F10 every request two or three times", nodes: 2, proxied: false, async site =>
    {
        await site.ProgressAsync(100 * count);
        return site.Tenants.Sum(tenant => tenant.Log.Operations().GroupBy(operation => operation.Request).Sum(request => request.Count() - 1));
    }, repeats: true);

    private async Task<Result> StopAsync()
    {
        List<TimeSpan> ends = [];
        var result = await OnAsync("F20 service told to stop", nodes: 1, proxied: false, site => TimesAsync(async () =>
        {
            await Task.Delay(_random.Next(200));
            var clock = Stopwatch.StartNew();
            ends.Add(await site.Nodes[0].TerminateAsync());
            await site.Nodes[0].StartAsync(wait: false);
            await site.RecoveredAsync(clock);
        }), freshConnections: true);
        return result with
        {
            Ends = ends,
            Remark = $"F20: ended within {ends.Max().TotalSeconds:0.0} s at most; {result.BrokenOff.Count} requests were broken off, {result.Findings.Sum(finding => finding.Unanswered)} of them after they had been carried out: "
                + string.Join(", ", result.BrokenOff.CountBy(error => error).Select(error => $"{error.Value} × {error.Key}")),
        };
    }

    // Two nodes. The one that seals is frozen, its session is ended as a failover would, the other takes over; then it wakes up.
    private Task<Result> FreezeLeaderAsync() => OnAsync("F7 sealing node frozen and replaced", nodes: 2, proxied: false, site => TimesAsync(async () =>
    {
        var frozen = site.Nodes[_random.Next(2)];
        await frozen.FreezeAsync();
        var clock = Stopwatch.StartNew();
        // Which node holds the lock is not known; ending all of its sessions is harmless to the other, which only reconnects.
        await using (var command = site.DataSource.CreateCommand("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and pid <> pg_backend_pid()")) await command.ExecuteNonQueryAsync();
        await Task.Delay(1_500);
        await frozen.ThawAsync();
        await site.RecoveredAsync(clock);
    }));

    private async Task<Result> FillDiskAsync()
    {
        string? remark = null;
        var result = await OnAsync("F5 disk full", nodes: 1, proxied: false, site => TimesAsync(async () =>
        {
            var ballast = Path.Combine(site.Cluster.Folder, "ballast");
            var free = new DriveInfo(site.Cluster.Folder).AvailableFreeSpace;
            await using (var file = File.Create(ballast))
            {
                var block = new byte[1 << 20];
                try
                {
                    for (var left = free; left > 0; left -= block.Length) await file.WriteAsync(block);
                    await file.FlushAsync();
                }
                catch (IOException)
                {
                    // Full.
                }
            }
            await Task.Delay(3_000);
            var clock = Stopwatch.StartNew();
            File.Delete(ballast);
            if (!site.Cluster.IsRunning)
            {
                remark = "F5: without room for its log PostgreSQL stops itself; it was started again once there was room.";
                await site.Cluster.StartServerAsync();
            }
            await site.RecoveredAsync(clock);
        }, Math.Max(1, count / 3)), megabytes: 400);
        return result with { Remark = remark };
    }

    private async Task<Result> OnAsync(string name, int nodes, bool proxied, Func<Site, Task<int>> faults, bool repeats = false, bool freshConnections = false, int? megabytes = null)
    {
        await using var site = await Site.OpenAsync(assembly, nodes, proxied, megabytes);
        return await site.RunAsync(name, seed, workers, faults, repeats, freshConnections);
    }

    private async Task<int> TimesAsync(Func<Task> fault, int? times = null)
    {
        for (var time = 0; time < (times ?? count); time++) await fault();
        return times ?? count;
    }

    private static string Words(Moment moment) => moment switch
    {
        Moment.BeforeTransaction => "before its append is sent",
        Moment.HalfSent => "when half of its append is sent",
        Moment.BeforeCommit => "before the commit",
        _ => "after the commit, before the answer",
    };
}
