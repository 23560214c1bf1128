using Npgsql;

namespace Ledger.EventStore.Leading;

/// <summary>
/// Work that one process at a time should do. Runs in every process; PostgreSQL's advisory lock elects one. The lock only
/// spares the others useless work: what keeps two leaders apart is an epoch in the work's own row, locked and checked in every
/// transaction, because a process that was paused does not know how long it was away.
/// </summary>
/// <param name="lockKey">The work's own number; all processes of one database agree on it.</param>
/// <param name="onFailure">Told why a leadership, or the attempt to get one, ended. It will be tried again.</param>
public sealed class LeaderLoop(NpgsqlDataSource dataSource, long lockKey, Action<Exception>? onFailure = null)
{
    /// <summary>How long a process that is not the leader, or whose database went away, waits before it tries again.</summary>
    public static readonly TimeSpan ElectionInterval = TimeSpan.FromSeconds(1);

    /// <summary>True while this process leads.</summary>
    public bool IsLeader { get; private set; }

    /// <param name="begin">Takes a new epoch, which fences off every earlier leader.</param>
    /// <param name="lead">One term: works until it is cancelled or fails. The connection holds the lock, and may listen.</param>
    public async Task RunAsync<TTerm>(
        Func<CancellationToken, Task<TTerm>> begin, Func<TTerm, NpgsqlConnection, CancellationToken, Task> lead, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await TryLeadAsync(begin, lead, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception error)
            {
                onFailure?.Invoke(error);
            }
            IsLeader = false;
            await Task.Delay(ElectionInterval, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        IsLeader = false;
    }

    private async Task TryLeadAsync<TTerm>(
        Func<CancellationToken, Task<TTerm>> begin, Func<TTerm, NpgsqlConnection, CancellationToken, Task> lead, CancellationToken cancellationToken)
    {
        await using var office = await dataSource.OpenConnectionAsync(cancellationToken);
        if (!await TryLockAsync(office, cancellationToken)) return;
        try
        {
            var term = await begin(cancellationToken);
            IsLeader = true;
            await lead(term, office, cancellationToken);
        }
        finally
        {
            // The pool keeps the session, and with it its lock and its subscriptions: give them back by hand, or drop the session.
            if (office.State == System.Data.ConnectionState.Open) await UnlockAsync(office);
        }
    }

    private async Task<bool> TryLockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"select pg_try_advisory_lock({lockKey})", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private async Task UnlockAsync(NpgsqlConnection connection)
    {
        try
        {
            await using var command = new NpgsqlCommand($"unlisten *; select pg_advisory_unlock({lockKey})", connection);
            await command.ExecuteNonQueryAsync();
        }
        catch (NpgsqlException)
        {
            NpgsqlConnection.ClearPool(connection);
        }
    }
}
