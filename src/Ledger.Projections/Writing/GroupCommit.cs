using System.Collections.Concurrent;
using Ledger.EventStore;
using Ledger.Projections.Gathering;

namespace Ledger.Projections.Writing;

/// <summary>
/// Commits writes; small ones of one tenant that come at the same time share a transaction (docs/adr/0013). Each caller gets the answer
/// it would have got alone, once everything is durable.
/// </summary>
/// <param name="maxWaiting">Writes of one tenant that may wait to be begun on this node; more are refused.</param>
/// <param name="patience">How long they may wait; <see cref="DefaultPatience"/> unless given.</param>
/// <param name="worthwhile">Writes that make it worth while to begin a transaction beside another one.</param>
/// <param name="linger">How long a write waits for that; <see cref="DefaultLinger"/> unless given.</param>
public sealed class GroupCommit(EventStore.EventStore store, int maxWaiting = GroupCommit.DefaultMaxWaiting, TimeSpan? patience = null, int worthwhile = GroupCommit.DefaultWorthwhile, TimeSpan? linger = null)
{
    public const int DefaultMaxWaiting = 1_000;

    /// <summary>A write of more events gains nothing from company, and goes by itself without waiting for anybody.</summary>
    public const int MaxEventsToShare = 50;

    /// <summary>Events of one group: beyond a few hundred a larger transaction is no cheaper per event, and all its members wait for it.</summary>
    public const int MaxEventsPerGroup = 250;

    /// <summary>Transactions of one tenant's groups at the same time: while one waits for the disk, the other one works.</summary>
    public const int GroupsAtOnce = 2;

    /// <summary>A transaction costs as much as twenty of its writes: fewer wait for the one under way to end.</summary>
    public const int DefaultWorthwhile = 24;

    public static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(10);

    /// <summary>Some transactions of an ordinary disk: a group that takes longer is held up by something.</summary>
    public static readonly TimeSpan DefaultLinger = TimeSpan.FromMilliseconds(20);

    private readonly GatheringRules _rules = new(maxWaiting, GroupsAtOnce, worthwhile, linger ?? DefaultLinger, patience ?? DefaultPatience);
    private readonly ConcurrentDictionary<string, CommitLane> _lanes = new(StringComparer.Ordinal);

    /// <exception cref="CrowdedException">Nothing was written.</exception>
    /// <exception cref="Npgsql.PostgresException">Refused; nothing was written.</exception>
    /// <exception cref="Npgsql.NpgsqlException">The outcome is unknown: it may have committed.</exception>
    /// <exception cref="OperationCanceledException">The same.</exception>
    public Task<AppendResult> CommitAsync(LedgerWrite write, EventMetadata metadata, CancellationToken cancellationToken) =>
        write.EventCount > MaxEventsToShare
            ? write.CommitAsync(store, metadata, cancellationToken: cancellationToken)
            : _lanes.GetOrAdd(write.TenantId, static (_, made) => new(made.store, made._rules), (store, _rules)).RunAsync(new(write, metadata), cancellationToken);
}
