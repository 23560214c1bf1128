using System.Text.Json;

namespace Ledger.Testing.Histories;

/// <summary>An event as a reader of the feed sees it: a name and a body, no type of the ledger's own.</summary>
/// <param name="Position">The tenant's dense number: 1, 2, 3 …</param>
/// <param name="CorrelationId">The request it came from.</param>
public sealed record HistoryEvent(long Position, string StreamId, long Version, string Type, JsonElement Data, string CorrelationId);

/// <summary>A record, as far as exports depend on it.</summary>
public sealed record PlainRecord(long Version, string Stage, bool Withdrawn, long Number, string Uuid)
{
    public static PlainRecord Unknown { get; } = new(0, "", false, 0, "");
    public bool IsReady => Version > 0 && Stage == "ready" && !Withdrawn;
}

/// <param name="Failed">The last outcome was a failure that nothing has superseded.</param>
/// <param name="Attempt">The latest attempt.</param>
public sealed record PlainItem(long Version, bool Exported, bool Failed, PlainAttempt? Attempt)
{
    public static PlainItem Untouched { get; } = new(0, false, false, null);
    public bool IsOpen => Attempt is { IsOpen: true };
}

/// <param name="JobId">Empty for a single export.</param>
public sealed record PlainAttempt(string Id, string Status, string JobId)
{
    public bool IsOpen => Status is "pending" or "in_progress";
}

/// <param name="Items">How many items it was made with.</param>
public sealed record PlainJob(long Version, string Status, string Origin, int Items)
{
    public static PlainJob Unknown { get; } = new(0, "", "", 0);
    public bool IsUnfinished => Status is "pending" or "in_progress";
}

public sealed record PlainIntegration(long Version, bool Active)
{
    public static PlainIntegration Unknown { get; } = new(0, false);
}
