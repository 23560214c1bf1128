using Ledger.Domain;
using Ledger.Domain.Integrations;
using Ledger.Domain.Items;
using Ledger.Domain.Jobs;
using Ledger.Domain.Records;
using Ledger.Projections.Records;

namespace Ledger.Projections.Rebuild;

/// <summary>The rows a replay writes, one method per table.</summary>
internal static class ReplayRows
{
    public const string CopyRecords = """
        copy replay_records (tenant_id, record_id, number, uuid, kind, source_type, stage, withdrawn, amount_minor, currency, posted_at, created_at, updated_at,
                             text, account, contra_account, details, content_hash, version, registered_at, revised_at, changed_at, ready_since) from stdin (format binary)
        """;

    public const string CopyItems = """
        copy replay_items (tenant_id, system_id, record_id, number, version, exported_since, last_exported_at, external_id, external_url, reported_at, note,
                           attempt_id, failure_type, failure_reason, failure_at, changed_at) from stdin (format binary)
        """;

    public const string CopyAttempts = """
        copy replay_attempts (tenant_id, attempt_id, system_id, record_id, job_id, ordinal, status, opened_by, opened_at, changed_at, external_id, external_url, reported_at, note,
                              failure_type, failure_reason, failure_at) from stdin (format binary)
        """;

    public const string CopyJobs = """
        copy replay_jobs (tenant_id, job_id, version, status, system_id, origin, batch_id, created_by, is_interactive, vendor_based_bookkeeping, number_of_items,
                          created_at, started_at, completed_at, expired_at, failure_type, failure_reason, changed_at, last_updated_at,
                          pending, in_progress, successful, failed, abandoned, cancelled) from stdin (format binary)
        """;

    public const string CopyIntegrations = "copy replay_integrations (tenant_id, integration_id, version, vendor, vendor_account_id, active, connected_at) from stdin (format binary)";

    public static async Task RecordAsync(RowCopy row, ReplayedStream<RecordEvent> stream, RecordState state, RecordContent content, CancellationToken token)
    {
        await row.StartAsync(token);
        await row.TextAsync(stream.TenantId, token);
        await row.TextAsync(stream.StreamId[StreamIds.RecordPrefix.Length..], token);
        await row.LongAsync(state.Number, token);
        await row.GuidAsync(state.Uuid, token);
        await row.TextAsync(ReadModels.Name(content.Kind), token);
        await row.TextAsync(ReadModels.Name(content.SourceType), token);
        await row.TextAsync(ReadModels.Name(state.Stage), token);
        await row.BooleanAsync(state.Withdrawn, token);
        await row.LongAsync(content.Amount.Value, token);
        await row.TextAsync(content.Amount.Currency, token);
        await row.TimeAsync(content.PostedAt ?? state.RegisteredAt, token);
        await row.TimeAsync(content.CreatedAt ?? state.RegisteredAt, token);
        await row.TimeAsync(content.UpdatedAt ?? state.RevisedAt, token);
        await row.TextAsync(content.Text, token);
        await row.TextAsync(content.Account, token);
        await row.TextAsync(content.ContraAccount, token);
        await row.JsonAsync(RecordDetails.Of(content), token);
        await row.TextAsync(state.ContentHash, token);
        await row.LongAsync(state.Version, token);
        await row.TimeAsync(state.RegisteredAt, token);
        await row.TimeAsync(state.RevisedAt, token);
        await row.TimeAsync(state.ChangedAt, token);
        await row.TimeAsync(state.ReadySince, token);
    }

    /// <remarks>The number stands with the record; it is filled in by SQL afterwards.</remarks>
    public static async Task ItemAsync(RowCopy row, ReplayedStream<ItemEvent> stream, ItemState state, CancellationToken token)
    {
        var (system, record) = Item(stream);
        await row.StartAsync(token);
        await row.TextAsync(stream.TenantId, token);
        await row.TextAsync(system.Value, token);
        await row.TextAsync(record.Value, token);
        await row.LongAsync(0, token);
        await row.LongAsync(state.Version, token);
        await row.TimeAsync(state.ExportedSince, token);
        await row.TimeAsync(state.LastExportedAt, token);
        await ReferenceAsync(row, state.Reference, token);
        await row.LongAsync(state.Attempt?.Id.Value, token);
        await FailureAsync(row, state.Failure, token);
        await row.TimeAsync(state.ChangedAt, token);
    }

    public static async Task AttemptAsync(RowCopy row, ReplayedStream<ItemEvent> stream, Attempt attempt, CancellationToken token)
    {
        var (system, record) = Item(stream);
        await row.StartAsync(token);
        await row.TextAsync(stream.TenantId, token);
        await row.LongAsync(attempt.Id.Value, token);
        await row.TextAsync(system.Value, token);
        await row.TextAsync(record.Value, token);
        await row.GuidAsync(attempt.JobId?.Value, token);
        await row.IntAsync(attempt.Ordinal, token);
        await row.TextAsync(ReadModels.Name(attempt.Status), token);
        await row.TextAsync(attempt.OpenedBy, token);
        await row.TimeAsync(attempt.OpenedAt, token);
        await row.TimeAsync(attempt.ChangedAt, token);
        await ReferenceAsync(row, attempt.Reference, token);
        await FailureAsync(row, attempt.Failure, token);
    }

    /// <remarks>Counts and the last report come from the attempts; they are filled in by SQL afterwards.</remarks>
    public static async Task JobAsync(RowCopy row, ReplayedStream<JobEvent> stream, JobState state, CancellationToken token)
    {
        await row.StartAsync(token);
        await row.TextAsync(stream.TenantId, token);
        await row.GuidAsync(Guid.Parse(stream.StreamId[StreamIds.JobPrefix.Length..]), token);
        await row.LongAsync(state.Version, token);
        await row.TextAsync(ReadModels.Name(state.Status), token);
        await row.TextAsync(state.SystemId.Value, token);
        await row.TextAsync(ReadModels.Name(state.Origin), token);
        await row.TextAsync(state.BatchId, token);
        await row.GuidAsync(state.CreatedBy, token);
        await row.BooleanAsync(state.IsInteractive, token);
        await row.BooleanAsync(state.VendorBasedBookkeeping, token);
        await row.IntAsync(state.NumberOfItems, token);
        await row.TimeAsync(state.CreatedAt, token);
        await row.TimeAsync(state.StartedAt, token);
        await row.TimeAsync(state.CompletedAt, token);
        await row.TimeAsync(state.ExpiredAt, token);
        await row.TextAsync(state.FailureType, token);
        await row.TextAsync(state.FailureReason, token);
        await row.TimeAsync(state.ChangedAt, token);
        await row.TimeAsync(state.ChangedAt, token);
        for (var count = 0; count < 6; count++) await row.IntAsync(0, token);
    }

    public static async Task IntegrationAsync(RowCopy row, ReplayedStream<IntegrationEvent> stream, IntegrationState state, CancellationToken token)
    {
        await row.StartAsync(token);
        await row.TextAsync(stream.TenantId, token);
        await row.TextAsync(stream.StreamId[StreamIds.IntegrationPrefix.Length..], token);
        await row.LongAsync(state.Version, token);
        await row.TextAsync(state.Vendor, token);
        await row.TextAsync(state.VendorAccountId, token);
        await row.BooleanAsync(state.Active, token);
        await row.TimeAsync(state.ConnectedAt, token);
    }

    private static (SystemId System, RecordId Record) Item(ReplayedStream<ItemEvent> stream) =>
        StreamIds.TryParseItem(stream.StreamId, out var system, out var record) ? (system, record) : throw new InvalidOperationException($"Item events in stream {stream.StreamId}.");

    private static async Task ReferenceAsync(RowCopy row, ExportReference? reference, CancellationToken token)
    {
        await row.TextAsync(reference?.ExternalId, token);
        await row.TextAsync(reference?.ExternalUrl, token);
        await row.TimeAsync(reference?.ReportedAt, token);
        await row.TextAsync(reference?.Note, token);
    }

    private static async Task FailureAsync(RowCopy row, ExportFailure? failure, CancellationToken token)
    {
        await row.TextAsync(failure?.Type, token);
        await row.TextAsync(failure?.Reason, token);
        await row.TimeAsync(failure?.At, token);
    }
}
