using System.Text;

namespace Ledger.EventStore.Tests;

/// <summary>Events and appends of no particular domain: the store knows none.</summary>
internal static class Sample
{
    public static readonly EventMetadata Metadata = new(CorrelationId: "request-1", CausationId: null, Actor: "client-1", Dialect: "native");

    public static NewEvent Event(string json = "{}", string type = "item_exported") =>
        new(Guid.CreateVersion7(), type, "Ledger.Sample.ItemExported, Ledger.Sample", Encoding.UTF8.GetBytes(json));

    /// <summary>An append of <paramref name="count"/> events decided on the stream's first <paramref name="expectedVersion"/>; none: the stream is only held.</summary>
    public static StreamAppend To(string streamId, long expectedVersion, int count = 1) =>
        new(streamId, "item", expectedVersion, [.. Enumerable.Range(1, count).Select(offset => Event($$"""{"n": {{expectedVersion + offset}}}"""))]);

    public static Task<AppendResult> AppendAsync(this EventStore store, string tenant, params StreamAppend[] streams) =>
        store.AppendAsync(tenant, Metadata, streams, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Appends, and fails the test when there is a conflict.</summary>
    public static async Task<DateTimeOffset> MustAppendAsync(this EventStore store, string tenant, params StreamAppend[] streams) =>
        (await store.AppendAsync(tenant, streams)).ShouldBeOfType<AppendResult.Appended>().RecordedAt;

    public static async Task<IReadOnlyList<VersionConflict>> MustConflictAsync(this EventStore store, string tenant, params StreamAppend[] streams) =>
        (await store.AppendAsync(tenant, streams)).ShouldBeOfType<AppendResult.Conflict>().Streams;
}
