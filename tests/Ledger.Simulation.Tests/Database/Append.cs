using Ledger.Api.Idempotency;
using Ledger.EventStore;

namespace Ledger.Simulation.Tests.Database;

/// <summary>One transaction: the events of one command or of several, and the idempotency key that is to be stored with them.</summary>
/// <param name="Incarnation">Of the database when it was sent; a restart ends every transaction under way.</param>
internal sealed record Append(
    string TenantId, IReadOnlyList<AppendPart> Parts, DateTimeOffset? RecordedAt, KeyName? Key, KeptAnswer? Answer, int Incarnation,
    Action<AppendResult> Succeed, Action<Exception> Fail)
{
    public IReadOnlyList<StreamAppend> Streams { get; } = [.. Parts.SelectMany(part => part.Streams)];

    public List<StoredEvent> Events { get; } = [];

    /// <summary>What it locks: its streams, and the entries of the unique indexes it touches.</summary>
    public IReadOnlyList<string> Locks { get; } =
    [
        .. Parts.SelectMany(part => part.Streams).Select(stream => $"{TenantId}/{stream.StreamId}"), .. Key is { } key ? [key.ToString()] : Array.Empty<string>(),
        .. Parts.SelectMany(part => part.Streams).Any(stream => stream.StreamType is "job") ? [$"{TenantId} job"] : Array.Empty<string>(),
        .. Parts.SelectMany(part => part.Streams).Any(stream => stream.StreamType is "integration") ? [$"{TenantId} integration"] : Array.Empty<string>(),
        .. Parts.SelectMany(part => part.Streams).Any(stream => stream.StreamType is "record" && stream.ExpectedVersion == 0) ? [$"{TenantId} record"] : Array.Empty<string>(),
    ];
}
