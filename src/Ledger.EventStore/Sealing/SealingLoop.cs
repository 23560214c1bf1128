using Ledger.EventStore.Leading;

namespace Ledger.EventStore.Sealing;

/// <summary>Seals in the one process that PostgreSQL elects (<see cref="LeaderLoop"/>).</summary>
public sealed class SealingLoop(EventStore store, Action<Exception>? onFailure = null) : IDisposable
{
    private const long LeaderLock = 0x6C65_6467_6572_0002;

    /// <summary>How long a committed event of another process may wait before the leader looks; its own appends wake it at once.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly LeaderLoop _loop = new(store.DataSource, LeaderLock, onFailure);

    /// <summary>True while this process seals.</summary>
    public bool IsLeader => _loop.IsLeader;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        store.Appended += Wake;
        try
        {
            await _loop.RunAsync(begin => Sealer.LeadAsync(store.DataSource, begin), async (sealer, _, term) =>
            {
                while (true)
                {
                    while (await sealer.SealAsync(cancellationToken: term) > 0) { }
                    await _wake.WaitAsync(PollInterval, term);
                }
            }, cancellationToken);
        }
        finally
        {
            store.Appended -= Wake;
        }
    }

    public void Dispose() => _wake.Dispose();

    private void Wake()
    {
        try
        {
            if (_wake.CurrentCount == 0) _wake.Release();
        }
        catch (Exception error) when (error is SemaphoreFullException or ObjectDisposedException)
        {
            // Two appends woke it at the same moment: once is enough. Or the process shuts down: the append is durable all the same.
        }
    }
}
