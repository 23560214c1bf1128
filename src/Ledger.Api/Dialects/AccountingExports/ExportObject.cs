using System.Text.Json.Serialization;
using Ledger.Domain.Items;
using Ledger.Projections.Items;

namespace Ledger.Api.Dialects.AccountingExports;

/// <summary>An export in a list. Members are written also when they are null: a client sees that they are not known yet.</summary>
internal record ExportSummary(
    [property: JsonPropertyName("export_id")] string ExportId,
    [property: JsonPropertyName("expense_id")] string ExpenseId,
    [property: JsonPropertyName("target_system")] string TargetSystem,
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("external_reference")] string? ExternalReference,
    [property: JsonPropertyName("exported_at")] string? ExportedAt)
{
    public static ExportSummary Of(AttemptView view) => new(
        ExportIds.Of(view.Attempt.Id), view.RecordId.Value, view.System.Value, AccountingExportsDialect.StatusOf(view.Attempt), view.Attempt.Reference?.ExternalId, ExportedTime(view.Attempt));

    /// <summary>What the target system said, else when it said so.</summary>
    public static string? ExportedTime(Attempt attempt) => attempt.Reference is { } reference ? ExportIds.Time(reference.ReportedAt ?? attempt.ChangedAt) : null;
}

/// <summary>One export, whole.</summary>
internal sealed record ExportDetail(
    [property: JsonPropertyName("export_id")] string ExportId,
    [property: JsonPropertyName("expense_id")] string ExpenseId,
    [property: JsonPropertyName("organization_id")] string OrganizationId,
    [property: JsonPropertyName("target_system")] string TargetSystem,
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("external_reference")] string? ExternalReference,
    [property: JsonPropertyName("exported_at")] string? ExportedAt,
    [property: JsonPropertyName("error_message")] string? ErrorMessage,
    [property: JsonPropertyName("initiated_at")] string InitiatedAt,
    [property: JsonPropertyName("batch_id")] string? BatchId);

internal sealed record Pagination(
    [property: JsonPropertyName("page")] int Page,
    [property: JsonPropertyName("limit")] int Limit,
    [property: JsonPropertyName("total")] long Total);

internal sealed record ExportList(
    [property: JsonPropertyName("data")] IReadOnlyList<ExportSummary> Data,
    [property: JsonPropertyName("pagination")] Pagination Pagination);

internal sealed record CreatedExport(
    [property: JsonPropertyName("export_id")] string ExportId,
    [property: JsonPropertyName("expense_id")] string ExpenseId,
    [property: JsonPropertyName("target_system")] string TargetSystem,
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("initiated_at")] string InitiatedAt);

internal sealed record CreatedBatch(
    [property: JsonPropertyName("batch_id")] string BatchId,
    [property: JsonPropertyName("expense_ids")] IReadOnlyList<string> ExpenseIds,
    [property: JsonPropertyName("target_system")] string TargetSystem,
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("initiated_at")] string InitiatedAt);

internal sealed record ReportedExport(
    [property: JsonPropertyName("export_id")] string ExportId,
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("external_reference")] string? ExternalReference,
    [property: JsonPropertyName("exported_at")] string? ExportedAt);

internal sealed record DeletedExport(
    [property: JsonPropertyName("deleted")] bool Deleted,
    [property: JsonPropertyName("export_id")] string ExportId);

[JsonSerializable(typeof(ExportList))]
[JsonSerializable(typeof(ExportDetail))]
[JsonSerializable(typeof(CreatedExport))]
[JsonSerializable(typeof(CreatedBatch))]
[JsonSerializable(typeof(ReportedExport))]
[JsonSerializable(typeof(DeletedExport))]
internal sealed partial class ExportJson : JsonSerializerContext;
