using Npgsql;

namespace Ledger.EventStore.Sealing;

/// <summary>
/// Runs in every process that serves the ledger; PostgreSQL's advisory lock elects one. The lock only spares the others
/// useless work: what keeps two sealers apart is the epoch, checked in every batch.
/// </summary>
public sealed class SealingLoop(EventStore store, Action<Exception>? onFailure = null) : IDisposable
{
    private const long LeaderLock = 0x6C65_6467_6572_0002;

    /// <summary>How long a committed event of another process may wait before the leader looks; its own appends wake it at once.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a process that is not the leader, or whose database went away, waits before it tries again.</summary>
    public static readonly TimeSpan ElectionInterval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _wake = new(0, 1);

    /// <summary>True while this process seals.</summary>
    public bool IsLeader { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        store.Appended += Wake;
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                try
                {
                    await LeadAsync(cancellationToken);
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                {
                    return;
                }
                catch (Exception error) when (error is NpgsqlException or SealerFencedException or TimeoutException or InvalidOperationException)
                {
                    onFailure?.Invoke(error);
                }
                IsLeader = false;
                await Task.Delay(ElectionInterval, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            IsLeader = false;
            store.Appended -= Wake;
        }
    }

    private async Task LeadAsync(CancellationToken cancellationToken)
    {
        await using var office = await store.DataSource.OpenConnectionAsync(cancellationToken);
        if (!await TryLockAsync(office, cancellationToken)) return;
        try
        {
            var sealer = await Sealer.LeadAsync(store.DataSource, cancellationToken);
            IsLeader = true;
            while (true)
            {
                while (await sealer.SealAsync(cancellationToken: cancellationToken) > 0) { }
                await _wake.WaitAsync(PollInterval, cancellationToken);
            }
        }
        finally
        {
            // The pool keeps the session, and with it a session lock: give it back by hand, or drop the session.
            if (office.State == System.Data.ConnectionState.Open) await UnlockAsync(office);
        }
    }

    private static async Task<bool> TryLockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"select pg_try_advisory_lock({LeaderLock})", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static async Task UnlockAsync(NpgsqlConnection connection)
    {
        try
        {
            await using var command = new NpgsqlCommand($"select pg_advisory_unlock({LeaderLock})", connection);
            await command.ExecuteNonQueryAsync();
        }
        catch (NpgsqlException)
        {
            NpgsqlConnection.ClearPool(connection);
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
