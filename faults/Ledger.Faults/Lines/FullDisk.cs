using System.Diagnostics;

namespace Ledger.Faults.Lines;

/// <summary>F5: the file system of PostgreSQL is filled under load, and after some seconds there is room again.</summary>
internal static class FullDisk
{
    public static Line Line { get; } = new("F5 disk full", async plan =>
    {
        var restarts = 0;
        var result = await plan.LoadAsync(new() { Megabytes = 400 }, plan.Times(quick: 1, full: 20), async site =>
        {
            var ballast = Path.Combine(site.Cluster.Folder, "ballast");
            await FillAsync(ballast, new DriveInfo(site.Cluster.Folder).AvailableFreeSpace);
            await Task.Delay(3_000);
            var clock = Stopwatch.StartNew();
            File.Delete(ballast);
            await site.RecoveredAsync(clock);
            restarts = site.ServerRestarts;
        });
        return restarts == 0 ? result : result with { Remarks = [.. result.Remarks, $"without room for its log PostgreSQL stopped itself {restarts} times and was started again once there was room"] };
    });

    private static async Task FillAsync(string ballast, long free)
    {
        await using var file = File.Create(ballast);
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
}
