using System.Threading.RateLimiting;
using Ledger.Projections.Gathering;

namespace Ledger.Api.Commands;

/// <summary>
/// Bounds what large writes hold in memory at once: an item takes some 5 KB from its decision to its commit. What comes beyond that waits its turn, first
/// come first served; small writes never wait for large ones.
/// </summary>
/// <remarks>A tenant has two in the line at most, so that one which sends many does not fill it for the others.</remarks>
/// <param name="patience">How long a write waits for room; null: <see cref="Patience"/>. Then it is refused.</param>
public sealed class LargeWrites(TimeSpan? patience = null) : IDisposable
{
    /// <summary>Records or items up to which a write is small.</summary>
    public const int MaxSmall = 1_000;

    /// <summary>Records or items of all large writes that are worked on, per node. What is larger by itself takes all of it.</summary>
    public const int ItemsAtOnce = 5_000;

    /// <summary>What waits, in records or items of all tenants, and in writes of one.</summary>
    private const int MaxItemsWaiting = 200_000, MaxWaitingOfTenant = 50;

    private const int OfTenantAtOnce = 2;

    /// <summary>As long as one statement may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrencyLimiter _items = new(new() { PermitLimit = ItemsAtOnce, QueueLimit = MaxItemsWaiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });

    private readonly PartitionedRateLimiter<string> _tenants = PartitionedRateLimiter.Create<string, string>(tenant =>
        RateLimitPartition.GetConcurrencyLimiter(tenant, _ => new() { PermitLimit = OfTenantAtOnce, QueueLimit = MaxWaitingOfTenant, QueueProcessingOrder = QueueProcessingOrder.OldestFirst }), StringComparer.Ordinal);

    /// <summary>Records or items of the writes that wait for room now.</summary>
    public long ItemsWaiting => _items.GetStatistics()!.CurrentQueuedCount;

    /// <summary>Waits until there is room for a write of this many records or items.</summary>
    /// <returns>To be given back when the write is done; null when it is small, or when it waits for its answer: then the room is held until that is committed.</returns>
    /// <exception cref="CrowdedException">It was not begun.</exception>
    public async Task<IDisposable?> EnterAsync(CommandContext context, int items, CancellationToken cancellationToken)
    {
        // A request that holds room has all it may wait for.
        if (items <= MaxSmall || context.Deferred?.HoldsRoom == true) return null;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ending.CancelAfter(patience ?? Patience);
        var ofTenant = await TakeAsync(_tenants.AcquireAsync(context.TenantId, 1, ending.Token), cancellationToken);
        try
        {
            var room = new Room(ofTenant, await TakeAsync(_items.AcquireAsync(Math.Min(items, ItemsAtOnce), ending.Token), cancellationToken));
            if (context.Deferred is not { } deferred) return room;
            deferred.Hold(room);
            return null;
        }
        catch
        {
            ofTenant.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _items.Dispose();
        _tenants.Dispose();
    }

    private static async Task<RateLimitLease> TakeAsync(ValueTask<RateLimitLease> asked, CancellationToken caller)
    {
        try
        {
            if (await asked is { IsAcquired: true } lease) return lease;
        }
        catch (OperationCanceledException) when (!caller.IsCancellationRequested)
        {
            // Its patience has ended, not the caller's.
        }
        throw new CrowdedException();
    }

    private sealed class Room(RateLimitLease ofTenant, RateLimitLease items) : IDisposable
    {
        public void Dispose()
        {
            // What the write held is garbage by now, and the next one brings as much: left alone it would be taken for what lasts.
            GC.Collect(1, GCCollectionMode.Forced, blocking: true);
            items.Dispose();
            ofTenant.Dispose();
        }
    }
}
