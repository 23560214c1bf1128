namespace Ledger.EventStore.Tests;

internal static class Waiting
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Asks again until the answer is yes. Other databases of the same server may hold an answer back for a moment: transaction ids are the server's.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> isSo)
    {
        var deadline = DateTime.UtcNow + Patience;
        while (!await isSo())
        {
            if (DateTime.UtcNow > deadline) throw new TimeoutException($"Waited {Patience} in vain until {what}.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    public static Task UntilSomebodyWaitsForALockAsync(this LedgerDatabase ledger, int waiters = 1) =>
        UntilAsync("a session waits for a lock", async () =>
            await ledger.ScalarAsync<long>("select count(*) from pg_stat_activity where datname = $1 and wait_event_type = 'Lock'", ledger.Name) >= waiters);
}
