using System.Collections.Concurrent;
using Ledger.EventStore;

namespace Ledger.Projections.Writing;

/// <summary>
/// Commits writes; small ones of one tenant that come at the same time share a transaction (docs/adr/0013). Each caller gets the answer
/// it would have got alone, once everything is durable.
/// </summary>
/// <param name="maxWaiting">Writes of one tenant that may wait to be begun on this node; more are refused.</param>
/// <param name="patience">How long they may wait; <see cref="DefaultPatience"/> unless given.</param>
public sealed class GroupCommit(EventStore.EventStore store, int maxWaiting = GroupCommit.DefaultMaxWaiting, TimeSpan? patience = null)
{
    public const int DefaultMaxWaiting = 1_000;

    /// <summary>A write of more events gains nothing from company, and goes by itself without waiting for anybody.</summary>
    public const int MaxEventsToShare = 50;

    /// <summary>Events of one group: beyond a few hundred a larger transaction is no cheaper per event, and all its members wait for it.</summary>
    public const int MaxEventsPerGroup = 250;

    /// <summary>Transactions of one tenant's groups at the same time: while one waits for the disk, the other one works.</summary>
    public const int GroupsAtOnce = 2;

    public static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, CommitLane> _lanes = new(StringComparer.Ordinal);

    /// <exception cref="Gathering.CrowdedException">Nothing was written.</exception>
    /// <exception cref="Npgsql.PostgresException">Refused; nothing was written.</exception>
    /// <exception cref="Npgsql.NpgsqlException">The outcome is unknown: it may have committed.</exception>
    /// <exception cref="OperationCanceledException">The same.</exception>
    public Task<AppendResult> CommitAsync(LedgerWrite write, EventMetadata metadata, CancellationToken cancellationToken) =>
        write.EventCount > MaxEventsToShare
            ? write.CommitAsync(store, metadata, cancellationToken: cancellationToken)
            : _lanes.GetOrAdd(write.TenantId, static (_, made) => new(made.store, made.maxWaiting, made.Patience), (store, maxWaiting, Patience: patience ?? DefaultPatience)).RunAsync(new(write, metadata), cancellationToken);
}
