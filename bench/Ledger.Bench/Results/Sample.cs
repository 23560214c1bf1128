using System.Text.Json.Nodes;
using Ledger.Bench.Load;

namespace Ledger.Bench.Results;

/// <summary>One run of one variant of one case: what was seen, before anything is made of it.</summary>
/// <param name="Case">What both the ledger and its yardstick were asked, "8 clients" for example.</param>
/// <param name="Variant">Who did it.</param>
/// <param name="Items">Made durable, or read.</param>
internal sealed record Sample(string Case, string Variant, long Items, TimeSpan Elapsed, Latencies Latencies)
{
    /// <summary>Allocated by the process under test (the service, or this one where the library is measured) per item; null where that is PostgreSQL alone.</summary>
    public double? BytesPerItem { get; init; }

    public TimeSpan? ServiceProcessor { get; init; }
    public TimeSpan? DatabaseProcessor { get; init; }

    /// <summary>Largest seen in the run.</summary>
    public long? ResidentBytes { get; init; }

    /// <summary>Shared buffers a statement touched, and other figures that belong to one question.</summary>
    public IReadOnlyDictionary<string, double> More { get; init; } = new Dictionary<string, double>();

    public double PerSecond => Elapsed > TimeSpan.Zero ? Items / Elapsed.TotalSeconds : 0;

    public static Sample Of(string @case, string variant, LoopResult loop) => new(@case, variant, loop.Items, loop.Elapsed, loop.Latencies);

    public JsonObject ToJson(string question, int run)
    {
        var json = new JsonObject
        {
            ["question"] = question, ["case"] = Case, ["variant"] = Variant, ["run"] = run, ["items"] = Items, ["seconds"] = Math.Round(Elapsed.TotalSeconds, 4),
            ["latency_us"] = new JsonArray([.. Latencies.Buckets().Select(bucket => new JsonArray(bucket.Microseconds, bucket.Count))]),
        };
        if (BytesPerItem is { } bytes) json["bytes_per_item"] = Math.Round(bytes, 1);
        if (ServiceProcessor is { } service) json["service_cpu_seconds"] = Math.Round(service.TotalSeconds, 3);
        if (DatabaseProcessor is { } database) json["postgres_cpu_seconds"] = Math.Round(database.TotalSeconds, 3);
        if (ResidentBytes is { } resident) json["service_resident_bytes"] = resident;
        foreach (var (name, value) in More) json[name] = value;
        return json;
    }
}
