using System.Text.Json.Serialization;
using Ledger.Domain;
using Ledger.Domain.Items;

namespace Ledger.Api.Native.Systems;

internal sealed record FailureBody(string? Type, string? Reason, DateTimeOffset At);

internal sealed record AttemptBody(string Id, AttemptStatus Status, Guid? JobId, string OpenedBy, DateTimeOffset OpenedAt, DateTimeOffset ChangedAt);

/// <summary>One record in one system.</summary>
/// <param name="ExportedAt">When the caller said it was exported; the ledger's own word is <paramref name="ExportedSince"/>.</param>
internal sealed record ItemBody(
    string SystemId, string RecordId, ItemStatus Status, DateTimeOffset? ExportedSince, DateTimeOffset? LastExportedAt, DateTimeOffset? ExportedAt,
    string? ExternalId, string? ExternalUrl, string? Note, AttemptBody? Attempt, FailureBody? Failure, long Version,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AsOfBody? AsOf)
{
    public static ItemBody Of(SystemId system, RecordId record, bool recordIsReady, ItemState item, AsOfBody? asOf = null) => new(
        system.Value, record.Value, item.StatusFor(recordIsReady), item.ExportedSince, item.LastExportedAt, item.Reference?.ReportedAt,
        item.Reference?.ExternalId, item.Reference?.ExternalUrl, item.Reference?.Note,
        item.Attempt is { } attempt ? new(attempt.Id.ToString(), attempt.Status, attempt.JobId?.Value, attempt.OpenedBy, attempt.OpenedAt, attempt.ChangedAt) : null,
        item.Failure is { } failure ? new(failure.Type, failure.Reason, failure.At) : null, item.Version, asOf);
}
