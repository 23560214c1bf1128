using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Domain.Integrations;
using Ledger.Domain.Items;
using Ledger.Domain.Jobs;
using Ledger.Domain.Records;

namespace Ledger.Domain;

/// <summary>How event bodies are written: camelCase members, snake_case enum values, nothing for null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(SnakeCase<RecordKind>), typeof(SnakeCase<SourceType>), typeof(SnakeCase<Stage>), typeof(SnakeCase<LineSide>), typeof(SnakeCase<AttemptStatus>), typeof(SnakeCase<JobOrigin>)])]
[JsonSerializable(typeof(RecordContent))]
[JsonSerializable(typeof(RecordEvent.RecordRegistered))]
[JsonSerializable(typeof(RecordEvent.RecordRevised))]
[JsonSerializable(typeof(RecordEvent.RecordStageChanged))]
[JsonSerializable(typeof(RecordEvent.RecordWithdrawn))]
[JsonSerializable(typeof(ItemEvent.ExportRequested))]
[JsonSerializable(typeof(ItemEvent.ExportProgressed))]
[JsonSerializable(typeof(ItemEvent.ItemExported))]
[JsonSerializable(typeof(ItemEvent.ItemFailed))]
[JsonSerializable(typeof(ItemEvent.RecordMarkedExported))]
[JsonSerializable(typeof(ItemEvent.ExportAbandoned))]
[JsonSerializable(typeof(ItemEvent.ExportCancelled))]
[JsonSerializable(typeof(ItemEvent.ExportReopened))]
[JsonSerializable(typeof(JobEvent.JobCreated))]
[JsonSerializable(typeof(JobEvent.JobStarted))]
[JsonSerializable(typeof(JobEvent.JobCompleted))]
[JsonSerializable(typeof(JobEvent.JobFailed))]
[JsonSerializable(typeof(IntegrationEvent.IntegrationConnected))]
[JsonSerializable(typeof(IntegrationEvent.IntegrationDisconnected))]
[JsonSerializable(typeof(IntegrationEvent.IntegrationReactivated))]
public sealed partial class EventJson : JsonSerializerContext;

/// <summary>Enum values as the contracts write them: <c>accounting_entry</c>.</summary>
public sealed class SnakeCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) where T : struct, Enum;
