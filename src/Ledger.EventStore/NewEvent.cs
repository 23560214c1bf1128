namespace Ledger.EventStore;

/// <summary>An event to be appended.</summary>
/// <param name="Id">UUIDv7, made by the caller, so that a retry after an unknown outcome can be recognised.</param>
/// <param name="Type">Stored name, snake_case (<c>item_exported</c>); never derived from a C# name.</param>
/// <param name="DotNetType"><c>Namespace.Type, Assembly</c>, for readers that map by .NET type.</param>
/// <param name="Data">UTF-8 JSON without U+0000.</param>
public readonly record struct NewEvent(Guid Id, string Type, string DotNetType, byte[] Data);

/// <summary>Events for one stream, decided on its first <see cref="ExpectedVersion"/> events.</summary>
/// <param name="StreamType">Alias of the stream's kind (<c>item</c>), stored with the stream.</param>
/// <param name="ExpectedVersion">Number of events the decision saw; 0: the stream must not exist yet.</param>
/// <param name="Events">May be empty when <see cref="ExpectedVersion"/> is above 0: the stream is then only held at that version while the others are appended to.</param>
public sealed record StreamAppend(string StreamId, string StreamType, long ExpectedVersion, IReadOnlyList<NewEvent> Events);

/// <summary>What every event of one writer has in common.</summary>
/// <param name="CorrelationId">One business request, end to end.</param>
/// <param name="CausationId">The message that led to these events; null when the request itself did.</param>
/// <param name="Actor">Who: the client, and the user where known.</param>
/// <param name="Dialect">Through which API.</param>
public sealed record EventMetadata(string CorrelationId, string? CausationId, string Actor, string Dialect);

/// <summary>What one writer contributes to an append that several share.</summary>
public sealed record AppendPart(EventMetadata Metadata, IReadOnlyList<StreamAppend> Streams);

/// <summary>An event as it stands in the store.</summary>
/// <param name="SeqId">Order of insertion, with gaps; not the order of commit. Internal.</param>
/// <param name="Position">The tenant's own dense number; null for the instant before the event is sealed.</param>
public sealed record RecordedEvent(
    string TenantId, string StreamId, long Version, long SeqId, long? Position, Guid Id, string Type, DateTimeOffset RecordedAt,
    string? CorrelationId, string? CausationId, string? Actor, string? Dialect, byte[] Data);
