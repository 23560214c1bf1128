using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Domain.Records;

namespace Ledger.Projections.Timelines;

/// <param name="Position">Null when a time was asked for.</param>
public sealed record PastItem(RecordState Record, ItemState Item, long? Position, DateTimeOffset Time);

/// <summary>States at a past moment, folded from the events recorded up to it: the cost is that of the record's own history.</summary>
public sealed class PastStates(EventStore.EventStore store)
{
    /// <param name="time">Events recorded at exactly this time belong to the answer.</param>
    /// <param name="position">Asked instead of a time.</param>
    /// <param name="now">What cannot be asked beyond.</param>
    /// <returns>Null when there was no such record.</returns>
    public async Task<PastItem?> ItemAsync(
        string tenantId, SystemId system, RecordId record, DateTimeOffset? time, long? position, AsOf now, CancellationToken cancellationToken)
    {
        var upToPosition = position > now.Position ? now.Position : position;
        var moment = upToPosition is { } at ? await TimeOfAsync(tenantId, at, cancellationToken) ?? now.Time : time < now.Time ? time.Value : now.Time;
        var recordStream = StreamIds.Of(record);
        var events = await store.ReadStreamsAsync(tenantId, [recordStream, StreamIds.Of(system, record)], upToPosition is null ? moment : null, upToPosition, cancellationToken);
        var (recordState, itemState) = (RecordState.NotRegistered, ItemState.Untouched);
        foreach (var recorded in events)
        {
            switch (EventTypes.Deserialize(recorded.Type, recorded.Data))
            {
                case RecordEvent change: recordState = RecordDecider.Evolve(recordState, change, recorded.RecordedAt); break;
                case ItemEvent change: itemState = ItemEvolution.Evolve(itemState, change, recorded.RecordedAt); break;
            }
        }
        return recordState.IsRegistered ? new(recordState, itemState, upToPosition, moment) : null;
    }

    private async Task<DateTimeOffset?> TimeOfAsync(string tenantId, long position, CancellationToken cancellationToken) =>
        position < 1 ? null : (await store.ReadFeedAsync(tenantId, position - 1, 1, cancellationToken)).FirstOrDefault()?.RecordedAt;
}
