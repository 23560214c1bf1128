using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ledger.Domain.Integrations;
using Ledger.Domain.Items;
using Ledger.Domain.Jobs;
using Ledger.Domain.Records;

namespace Ledger.Domain;

/// <summary>
/// The one table between events and their stored names and bodies. A name, once stored, is never changed: a C# rename
/// touches only this table, a new shape gets a new name (<c>item_exported_v2</c>).
/// </summary>
public static class EventTypes
{
    private sealed record Entry(Type Type, string Name, string DotNetType, JsonTypeInfo Json);

    private static readonly Entry[] Table =
    [
        Map<RecordEvent.RecordRegistered>("record_registered"),
        Map<RecordEvent.RecordRevised>("record_revised"),
        Map<RecordEvent.RecordStageChanged>("record_stage_changed"),
        Map<RecordEvent.RecordWithdrawn>("record_withdrawn"),
        Map<ItemEvent.ExportRequested>("export_requested"),
        Map<ItemEvent.ExportProgressed>("export_progressed"),
        Map<ItemEvent.ItemExported>("item_exported"),
        Map<ItemEvent.ItemFailed>("item_failed"),
        Map<ItemEvent.RecordMarkedExported>("record_marked_exported"),
        Map<ItemEvent.ExportAbandoned>("export_abandoned"),
        Map<ItemEvent.ExportCancelled>("export_cancelled"),
        Map<ItemEvent.ExportReopened>("export_reopened"),
        Map<JobEvent.JobCreated>("job_created"),
        Map<JobEvent.JobStarted>("job_started"),
        Map<JobEvent.JobCompleted>("job_completed"),
        Map<JobEvent.JobFailed>("job_failed"),
        Map<IntegrationEvent.IntegrationConnected>("integration_connected"),
        Map<IntegrationEvent.IntegrationDisconnected>("integration_disconnected"),
        Map<IntegrationEvent.IntegrationReactivated>("integration_reactivated"),
    ];

    private static readonly FrozenDictionary<Type, Entry> ByType = Table.ToFrozenDictionary(entry => entry.Type);
    private static readonly FrozenDictionary<string, Entry> ByName = Table.ToFrozenDictionary(entry => entry.Name);

    public static IEnumerable<string> Names => Table.Select(entry => entry.Name);

    /// <summary>Names of one stream type's events.</summary>
    public static IEnumerable<string> NamesOf<TEvent>() => Table.Where(entry => entry.Type.IsAssignableTo(typeof(TEvent))).Select(entry => entry.Name);

    public static string NameOf(object @event) => ByType[@event.GetType()].Name;

    /// <summary><c>Namespace.Type, Assembly</c>, as stored beside the name.</summary>
    public static string DotNetTypeOf(object @event) => ByType[@event.GetType()].DotNetType;

    public static byte[] Serialize(object @event) => JsonSerializer.SerializeToUtf8Bytes(@event, ByType[@event.GetType()].Json);

    /// <exception cref="JsonException">The body is not of this type.</exception>
    /// <exception cref="InvalidOperationException">Nobody knows the name: a read model must stop then, loudly, not skip the event.</exception>
    public static object Deserialize(string name, ReadOnlySpan<byte> data) =>
        ByName.TryGetValue(name, out var entry)
            ? JsonSerializer.Deserialize(data, entry.Json) ?? throw new JsonException($"The body of {name} is null.")
            : throw new InvalidOperationException($"Unknown event type {name}.");

    private static Entry Map<T>(string name) =>
        new(typeof(T), name, $"{typeof(T).FullName}, {typeof(T).Assembly.GetName().Name}", EventJson.Default.GetTypeInfo(typeof(T)) ?? throw new InvalidOperationException($"{typeof(T)} is missing in EventJson."));
}
