using Ledger.EventStore.Leading;
using Npgsql;

namespace Ledger.EventStore.Log;

/// <summary>
/// Builds the log in the one process that PostgreSQL elects (<see cref="LeaderLoop"/>). The sealer's notification wakes it. While
/// events arrive it flushes once per <see cref="FlushInterval"/>; when none do, it writes nothing.
/// </summary>
/// <param name="clock">Paces the flushes. What is written takes its times from PostgreSQL.</param>
/// <param name="onBroken">Told of a tenant whose log cannot go on, at each flush that finds it so.</param>
public sealed class LogLoop(NpgsqlDataSource dataSource, CheckpointSigner signer, TimeProvider clock, Action<Exception>? onFailure = null, Action<BrokenHistory>? onBroken = null)
{
    private const long LeaderLock = 0x6C65_6467_6572_0004;

    /// <summary>From the beginning of one flush to the beginning of the next. Less than the second that is promised between two checkpoints, so that the flush itself fits in.</summary>
    public static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(800);

    /// <summary>The sealer notifies. Should a notification be lost, this is how late its events are looked for.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly LeaderLoop _loop = new(dataSource, LeaderLock, onFailure);

    /// <summary>True while this process builds.</summary>
    public bool IsLeader => _loop.IsLeader;

    public Task RunAsync(CancellationToken cancellationToken) => _loop.RunAsync(begin => LogBuilder.LeadAsync(dataSource, signer, begin), BuildAsync, cancellationToken);

    private async Task BuildAsync(LogBuilder builder, NpgsqlConnection office, CancellationToken cancellationToken)
    {
        await using (var listen = new NpgsqlCommand("listen ledger_sealed", office)) await listen.ExecuteNonQueryAsync(cancellationToken);
        while (true)
        {
            // Asked on the connection that listens: the answer takes in every notification that has come, and a later one ends the wait.
            if (!await LogBuilder.IsBehindAsync(office, cancellationToken))
            {
                await office.WaitAsync(PollInterval, cancellationToken);
                continue;
            }
            var begun = clock.GetTimestamp();
            while (await FlushAsync(builder, cancellationToken)) { }
            var rest = FlushInterval - clock.GetElapsedTime(begun);
            if (rest > TimeSpan.Zero) await Task.Delay(rest, clock, cancellationToken);
        }
    }

    private async Task<bool> FlushAsync(LogBuilder builder, CancellationToken cancellationToken)
    {
        var flush = await builder.FlushAsync(cancellationToken: cancellationToken);
        foreach (var broken in flush.Broken) onBroken?.Invoke(broken);
        return flush.IsBehind;
    }
}
