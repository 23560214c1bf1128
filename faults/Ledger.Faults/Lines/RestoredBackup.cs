using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Ledger.Faults.Clients;
using Ledger.Faults.Machines;

namespace Ledger.Faults.Lines;

/// <summary>
/// F18: a base backup is taken under load; later the server is lost and the backup put in its place. What was in the backup is there, byte by byte; positions go on; proofs from before the backup
/// still hold; and who remembers a checkpoint from after it is told that the server went back, also when the history has grown past it again.
/// </summary>
internal static class RestoredBackup
{
    // Of the tool: no answer, for the machine may be busy.
    private const int Unreachable = 4;

    public static Line Line { get; } = new("F18 restored from a backup made under load", async plan =>
    {
        var setting = new Setting();
        List<Result> results = [];
        List<string> wrong = [], remarks = [];
        for (var time = 0; time < plan.Times(quick: 1, full: 5); time++)
        {
            await using var site = await Site.OpenAsync(plan, setting);
            var folder = Children.NewFolder();
            ServerFiles.User.Own(folder);
            var (tenant, backup, early, late) = (site.Tenants[0], Path.Combine(folder, "backup"), Path.Combine(Children.NewFolder(), "early"), Path.Combine(Children.NewFolder(), "late"));
            results.Add(await site.RunAsync(plan, setting, async _ =>
            {
                await RememberAsync(site, tenant, early, size: 1);
                await site.Cluster.BackUpAsync(backup);
                await site.ProgressAsync(100);
                return 0;
            }));
            var before = new Dictionary<string, List<string>>();
            foreach (var each in site.Tenants) before[each.Id] = await site.FeedAsync(each);
            await RememberAsync(site, tenant, late, before[tenant.Id].Count);

            await site.Nodes[0].KillAsync();
            await site.Cluster.KillAsync();
            var clock = Stopwatch.StartNew();
            site.Cluster.Restore(backup);
            await site.Cluster.StartServerAsync();
            site.DataSource.Clear();
            var sealedThen = new Dictionary<string, long>();
            foreach (var each in site.Tenants) sealedThen[each.Id] = await site.ScalarAsync<long>($"select coalesce((select position from ledger.tenant_heads where tenant_id = '{each.Id}'), 0)");
            var foreign = await ForeignAsync(site, before.Values.SelectMany(lines => lines));
            if (foreign > 0) wrong.Add($"{foreign} events were never there before");
            await site.Nodes[0].StartAsync();
            var took = clock.Elapsed;
            await site.SealedAsync();
            foreach (var each in site.Tenants) wrong.AddRange(Differences(before[each.Id], await site.FeedAsync(each), sealedThen[each.Id]));
            await ExpectAsync(early, isGood: true, "the checkpoint from before the backup");
            await ExpectAsync(late, isGood: false, "a server that went back");

            // From here on it is another history, with clients who know nothing of what was lost.
            foreach (var each in site.Tenants) each.Log = new();
            results.Add(await site.RunAsync(plan, setting, async _ =>
            {
                while ((await site.FeedAsync(tenant)).Count <= before[tenant.Id].Count) await site.ProgressAsync(20);
                return 1;
            }));
            await ExpectAsync(early, isGood: true, "the checkpoint from before the backup, after going on");
            await ExpectAsync(late, isGood: false, "a server that went back and has grown past it");
            remarks.Add($"{sealedThen[tenant.Id]} of {before[tenant.Id].Count} events were in the backup; serving {took.TotalSeconds:0.0} s after the server was gone");

            async Task ExpectAsync(string remembered, bool isGood, string what)
            {
                // A copy: what is verified is remembered.
                var copy = remembered + ".copy";
                File.Copy(remembered, copy, overwrite: true);
                var (exitCode, said) = (Unreachable, "");
                for (var clock = Stopwatch.StartNew(); exitCode == Unreachable && clock.Elapsed < Site.Patience;) (exitCode, said) = await OperatorTool.VerifyAsync(site.Nodes[0], tenant, copy);
                if (exitCode != (isGood ? 0 : 1)) wrong.Add($"{what}: verify ended with {exitCode}: {said}");
            }
        }
        var sum = results.Aggregate(Result.Sum);
        return sum with { Wrong = [.. sum.Wrong, .. wrong], Remarks = [.. sum.Remarks, .. remarks] };
    });

    // What had a position keeps it, byte by byte. What was committed and had none yet may get another one.
    private static IEnumerable<string> Differences(List<string> before, List<string> after, long sealedThen)
    {
        if (after.Count < sealedThen) yield return $"{after.Count} events are there of {sealedThen} that were sealed in the backup";
        for (var index = 0; index < Math.Min(sealedThen, after.Count); index++)
        {
            if (after[index] != before[index]) yield return $"position {index + 1} is another event than before: {after[index]}";
        }
    }

    // Asked before the service goes on.
    private static async Task<long> ForeignAsync(Site site, IEnumerable<string> before)
    {
        await using var command = site.DataSource.CreateCommand("select count(*) from ledger.mt_events where id <> all ($1)");
        command.Parameters.Add(new() { Value = before.Select(line => JsonNode.Parse(line)!["id"]!.GetValue<Guid>()).ToArray() });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    // Checkpoints follow the events by a moment.
    private static async Task RememberAsync(Site site, Tenant tenant, string file, int size)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var (exitCode, said) = await OperatorTool.VerifyAsync(site.Nodes[0], tenant, file);
            if (exitCode == 0 && SizeOf(file) >= size) return;
            if (clock.Elapsed > Site.Patience) throw new InvalidOperationException($"No checkpoint over {size} events: {said}");
            await Task.Delay(200);
        }
    }

    // The second line of a checkpoint.
    private static long SizeOf(string remembered) => long.Parse(JsonNode.Parse(File.ReadAllText(remembered))!["checkpoint"]!.GetValue<string>().Split('\n')[1], CultureInfo.InvariantCulture);
}
