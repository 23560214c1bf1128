using System.Diagnostics;

namespace Ledger.Faults.Lines;

/// <summary>F7: two nodes. The one that seals is frozen, its session is ended as a failover would, the other takes over; then it wakes up.</summary>
internal static class FrozenSealer
{
    public static Line Line { get; } = new("F7 sealing node frozen and replaced", plan =>
    {
        var random = plan.Random();
        return plan.LoadAsync(new() { Nodes = 2 }, plan.Times(quick: 1, full: 100), async site =>
        {
            var frozen = site.Nodes[random.Next(2)];
            await frozen.FreezeAsync();
            var clock = Stopwatch.StartNew();
            // Which node holds the lock is not known; ending all of its sessions is harmless to the other, which only reconnects.
            await using (var command = site.DataSource.CreateCommand("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and pid <> pg_backend_pid()")) await command.ExecuteNonQueryAsync();
            await Task.Delay(1_500);
            await frozen.ThawAsync();
            await site.RecoveredAsync(clock);
        });
    });
}
