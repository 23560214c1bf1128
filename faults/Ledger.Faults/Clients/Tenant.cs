using System.Text.Json.Nodes;
using Ledger.Faults.History;

namespace Ledger.Faults.Clients;

/// <summary>One tenant under load: its credential, what its clients have learnt, and what they saw.</summary>
internal sealed class Tenant(string id, string apiKey, string name)
{
    public const int Records = 40;

    private readonly List<string> _exports = [];
    private volatile string? _job;

    public string Id => id;

    public string ApiKey => apiKey;

    /// <summary>Part of every correlation id, so that none of another tenant's can be mistaken for one of its own.</summary>
    public string Name => name;

    public required string ClientId { get; init; }

    public required string ClientSecret { get; init; }

    /// <summary>A new one begins when history does.</summary>
    public HistoryLog Log { get; set; } = new();

    /// <summary>The accounting entry ids of the records: their UUIDs, by number.</summary>
    public Dictionary<int, string> EntryIds { get; } = [];

    /// <summary>The export job made last.</summary>
    public string? Job { get => _job; set => _job = value; }

    public void Learn(JsonNode? body)
    {
        if (body?["export_id"]?.GetValue<string>() is not { } export) return;
        lock (_exports) _exports.Add(export);
    }

    public string? AnyExport(Random random)
    {
        lock (_exports) return _exports.Count == 0 ? null : _exports[random.Next(Math.Max(0, _exports.Count - 30), _exports.Count)];
    }
}
