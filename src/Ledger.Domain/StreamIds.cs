namespace Ledger.Domain;

/// <summary>Names of streams. A system's id may hold a slash, so that part is escaped: the name always parses back.</summary>
public static class StreamIds
{
    public const string RecordPrefix = "record/";
    public const string ItemPrefix = "item/";
    public const string JobPrefix = "job/";
    public const string IntegrationPrefix = "integration/";

    public static string Of(RecordId record) => RecordPrefix + record.Value;
    public static string Of(SystemId system, RecordId record) => $"{ItemPrefix}{Escape(system.Value)}/{record.Value}";
    public static string Of(JobId job) => JobPrefix + job;
    public static string Of(IntegrationId integration) => IntegrationPrefix + integration.Value;

    /// <returns>False when the name is not that of an item stream.</returns>
    public static bool TryParseItem(string streamId, out SystemId system, out RecordId record)
    {
        (system, record) = (default, default);
        if (!streamId.StartsWith(ItemPrefix, StringComparison.Ordinal)) return false;
        var slash = streamId.IndexOf('/', ItemPrefix.Length);
        if (slash <= ItemPrefix.Length || slash == streamId.Length - 1) return false;
        system = new(Unescape(streamId[ItemPrefix.Length..slash]));
        record = new(streamId[(slash + 1)..]);
        return true;
    }

    private static string Escape(string text) => text.AsSpan().ContainsAny('%', '/') ? text.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal) : text;

    /// <summary>The other way: a system as it stands in the name of an item's stream.</summary>
    public static string Unescape(string text) => text.Contains('%', StringComparison.Ordinal) ? text.Replace("%2F", "/", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal) : text;
}
