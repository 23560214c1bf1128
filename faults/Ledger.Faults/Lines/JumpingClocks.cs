using System.Globalization;
using Ledger.Faults.Clients;
using Ledger.Faults.Machines;

namespace Ledger.Faults.Lines;

/// <summary>F6: the clock of one node's host jumps by an hour, forth and back, while the other node's does not. What passes in between, the process knows: only the time of day jumps.</summary>
internal static class JumpingClocks
{
    private static readonly int[] Offsets = [3600, -3600, 0];

    public static Line Line { get; } = new("F6 a host's clock jumps by an hour", async plan =>
    {
        var library = Find() ?? throw new NotSupportedException("no faketime on this machine");
        var offset = Path.Combine(Children.NewFolder(), "offset");
        await WriteAsync(offset, 0);
        var skewed = new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = library, ["FAKETIME_TIMESTAMP_FILE"] = offset, ["FAKETIME_NO_CACHE"] = "1", ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1", ["DONT_FAKE_MONOTONIC"] = "1",
        };
        List<string> wrong = [];
        var result = await plan.LoadAsync(new() { Environments = [skewed, new Dictionary<string, string>()] }, async site =>
        {
            var (random, times, before) = (plan.Random(), plan.Times(quick: 2, full: 60), 0);
            var (began, old) = (await site.ScalarAsync<DateTime>("select clock_timestamp()"), await Tokens.IssueAsync(site.Nodes[1], site.Tenants[0]));
            for (var time = 0; time < times; time++)
            {
                var after = Offsets.Where(candidate => candidate != before).ElementAt(random.Next(2));
                await WriteAsync(offset, after);
                await JumpedAsync(site.Nodes[0], TimeSpan.FromSeconds(after));
                before = after;
                // Tokens live by PostgreSQL's clock, whoever issued them and whoever is asked.
                var token = await Tokens.IssueAsync(site.Nodes[time % 2], site.Tenants[0]);
                var expired = await Tokens.IssueAsync(site.Nodes[time % 2], site.Tenants[0]);
                await Tokens.ExpireAsync(site, expired);
                foreach (var node in site.Nodes)
                {
                    if (!await Tokens.IsTakenAsync(node, token)) wrong.Add($"clock {after:+0;-0} s: a fresh token was refused");
                    if (!await Tokens.IsTakenAsync(node, old)) wrong.Add($"clock {after:+0;-0} s: a token from before the jump was refused");
                    if (await Tokens.IsTakenAsync(node, expired)) wrong.Add($"clock {after:+0;-0} s: an expired token was taken");
                }
                await site.ProgressAsync(30);
            }
            await WriteAsync(offset, 0);
            var elsewhen = await site.ScalarAsync<long>($"select count(*) from ledger.mt_events where \"timestamp\" not between '{began:O}'::timestamptz - interval '10 minutes' and clock_timestamp()");
            if (elsewhen > 0) wrong.Add($"{elsewhen} events were not recorded by PostgreSQL's clock");
            return times;
        });
        return result with { Wrong = [.. result.Wrong, .. wrong], Remarks = [.. result.Remarks, "by ±1 h and back, on one of two nodes; every event was recorded by PostgreSQL's clock, and tokens were taken and refused by it"] };
    });

    private static string? Find() => Directory.Exists("/usr/lib")
        ? Directory.GetDirectories("/usr/lib").Append("/usr/lib").Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists)
        : null;

    // As a whole: the process looks at it all the time.
    private static async Task WriteAsync(string path, int seconds)
    {
        await File.WriteAllTextAsync(path + ".new", seconds.ToString("+0;-0;+0", CultureInfo.InvariantCulture) + "\n");
        File.Move(path + ".new", path, overwrite: true);
    }

    // The Date of its answers shows that the process has seen the jump.
    private static async Task JumpedAsync(ServiceNode node, TimeSpan offset)
    {
        for (var deadline = DateTime.UtcNow + Site.Patience; DateTime.UtcNow < deadline; await Task.Delay(50))
        {
            if (await node.DateAsync() is { } date && (date - DateTimeOffset.UtcNow - offset).Duration() < TimeSpan.FromMinutes(20)) return;
        }
        throw new InvalidOperationException("The clock of the node did not jump.");
    }
}
