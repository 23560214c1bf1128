using System.Buffers;
using System.Text.Json;
using Ledger.EventStore;
using Ledger.Projections.Timelines;

namespace Ledger.Api.Native.History;

/// <summary>One caller's view of the feed: reads on, and writes events in the envelope asked for.</summary>
/// <param name="origin">Of the tenant's log.</param>
internal sealed class FeedSource(EventStore.EventStore store, FilteredFeed feed, string tenantId, string origin, FeedQuestion question)
{
    /// <summary>Events held in memory at a time.</summary>
    private const int MostPerChunk = 500;

    public FeedQuestion Question => question;

    public Task<long> HeadAsync(CancellationToken cancellationToken) => store.HeadAsync(tenantId, cancellationToken);

    /// <param name="left">Events still wanted.</param>
    public Task<FeedChunk> ReadAsync(long after, long head, long left, CancellationToken cancellationToken) =>
        feed.ReadAsync(tenantId, after, head, (int)Math.Min(MostPerChunk, left), question.Filter, cancellationToken);

    /// <summary>Writes the event on one line: neither our JSON nor PostgreSQL's has raw line breaks.</summary>
    public void Write(IBufferWriter<byte> output, RecordedEvent recorded)
    {
        using var json = EventBody.Writer(output);
        Write(json, recorded);
    }

    public void Write(Utf8JsonWriter json, RecordedEvent recorded)
    {
        if (question.AsCloudEvents) CloudEventBody.Write(json, recorded, origin);
        else EventBody.Write(json, recorded);
    }
}
