using System.Buffers;
using Ledger.Domain;
using Ledger.Domain.Integrations;
using Ledger.Domain.Items;
using Ledger.Domain.Jobs;
using Ledger.Domain.Records;
using Ledger.Projections.Records;

namespace Ledger.Projections.Rebuild;

/// <summary>The rows a replay writes, one method per table; buffers are sent and used again.</summary>
internal sealed class ReplayRows
{
    internal const string RecordColumns = """
        tenant_id, record_id, number, uuid, kind, source_type, stage, withdrawn, amount_minor, currency, posted_at, created_at, updated_at,
        text, account, contra_account, details, content_hash, version, registered_at, revised_at, changed_at, ready_since
        """;

    internal const string ItemColumns = """
        tenant_id, system_id, record_id, number, version, exported_since, last_exported_at, external_id, external_url, reported_at, note,
        attempt_id, failure_type, failure_reason, failure_at, changed_at
        """;

    internal const string AttemptColumns = """
        tenant_id, attempt_id, system_id, record_id, job_id, ordinal, status, opened_by, opened_at, changed_at, external_id, external_url, reported_at, note,
        failure_type, failure_reason, failure_at
        """;

    private const string JobColumns = """
        tenant_id, job_id, version, status, system_id, origin, batch_id, created_by, is_interactive, vendor_based_bookkeeping, number_of_items,
        created_at, started_at, completed_at, expired_at, failure_type, failure_reason, changed_at, last_updated_at,
        pending, in_progress, successful, failed, abandoned, cancelled
        """;

    private const string IntegrationColumns = "tenant_id, integration_id, version, vendor, vendor_account_id, active, connected_at";

    internal const string PendingColumns = "tenant_id, system_id, number, record_id, ready_since, touched";

    private readonly CopyRows _records = new(), _items = new(), _attempts = new(), _jobs = new(), _integrations = new(), _pending = new();
    private readonly CopyRows _keptRecords = new(), _keptItems = new(), _keptAttempts = new(), _keptPending = new();
    private readonly ArrayBufferWriter<byte> _details = new();

    /// <summary>The tables and what is to be copied into them.</summary>
    public IEnumerable<(string Table, string Columns, CopyRows Rows)> Tables() =>
    [
        ("replay_records", RecordColumns, _records), ("replay_items", ItemColumns, _items), ("replay_attempts", AttemptColumns, _attempts),
        ("replay_jobs", JobColumns, _jobs), ("replay_integrations", IntegrationColumns, _integrations), ("replay_pending", PendingColumns, _pending),
        ("kept_records", RecordColumns, _keptRecords), ("kept_items", ItemColumns, _keptItems), ("kept_attempts", AttemptColumns, _keptAttempts),
        ("kept_pending", PendingColumns, _keptPending),
    ];

    /// <summary>Takes out what both sides have; what is left on either is to be compared by PostgreSQL.</summary>
    public void Compare(KeptRows kept)
    {
        _records.Remove(ComparedRows.Records.Tag, kept);
        _items.Remove(ComparedRows.Items.Tag, kept);
        _attempts.Remove(ComparedRows.Attempts.Tag, kept);
        _pending.Remove(ComparedRows.Pending.Tag, kept);
        CopyRows[] rest = [_keptRecords, _keptItems, _keptAttempts, _keptPending];
        kept.WriteRest(tag => rest[tag - 1]);
    }

    public void Add(string tenantId, string recordId, RecordState state, RecordContent content)
    {
        var row = _records;
        row.Start(23);
        row.Text(tenantId);
        row.Text(recordId);
        row.Long(state.Number);
        row.Guid(state.Uuid);
        row.Text(ReadModels.Name(content.Kind));
        row.Text(ReadModels.Name(content.SourceType));
        row.Text(ReadModels.Name(state.Stage));
        row.Boolean(state.Withdrawn);
        row.Long(content.Amount.Value);
        row.Text(content.Amount.Currency);
        row.Time(content.PostedAt ?? state.RegisteredAt);
        row.Time(content.CreatedAt ?? state.RegisteredAt);
        row.Time(content.UpdatedAt ?? state.RevisedAt);
        row.Text(content.Text);
        row.Text(content.Account);
        row.Text(content.ContraAccount);
        _details.ResetWrittenCount();
        JsonbText.Write(RecordDetails.Of(content), _details);
        row.Json(_details.WrittenSpan);
        row.Text(state.ContentHash);
        row.Long(state.Version);
        row.Time(state.RegisteredAt);
        row.Time(state.RevisedAt);
        row.Time(state.ChangedAt);
        row.Time(state.ReadySince);
    }

    /// <param name="number">Stands with the record.</param>
    public void Add(string tenantId, SystemId system, RecordId record, long number, ItemState state)
    {
        var row = _items;
        row.Start(16);
        row.Text(tenantId);
        row.Text(system.Value);
        row.Text(record.Value);
        row.Long(number);
        row.Long(state.Version);
        row.Time(state.ExportedSince);
        row.Time(state.LastExportedAt);
        Reference(row, state.Reference);
        row.Long(state.Attempt?.Id.Value);
        Failure(row, state.Failure);
        row.Time(state.ChangedAt);
    }

    public void Add(string tenantId, SystemId system, RecordId record, Attempt attempt)
    {
        var row = _attempts;
        row.Start(17);
        row.Text(tenantId);
        row.Long(attempt.Id.Value);
        row.Text(system.Value);
        row.Text(record.Value);
        row.Guid(attempt.JobId?.Value);
        row.Int(attempt.Ordinal);
        row.Text(ReadModels.Name(attempt.Status));
        row.Text(attempt.OpenedBy);
        row.Time(attempt.OpenedAt);
        row.Time(attempt.ChangedAt);
        Reference(row, attempt.Reference);
        Failure(row, attempt.Failure);
    }

    public void Add(string tenantId, string system, string record, RecordState state, bool touched)
    {
        var row = _pending;
        row.Start(6);
        row.Text(tenantId);
        row.Text(system);
        row.Long(state.Number);
        row.Text(record);
        row.Time(state.ReadySince);
        row.Boolean(touched);
    }

    /// <remarks>Counts and the last report come from the attempts; they are filled in by SQL afterwards.</remarks>
    public void Add(string tenantId, Guid jobId, JobState state)
    {
        var row = _jobs;
        row.Start(25);
        row.Text(tenantId);
        row.Guid(jobId);
        row.Long(state.Version);
        row.Text(ReadModels.Name(state.Status));
        row.Text(state.SystemId.Value);
        row.Text(ReadModels.Name(state.Origin));
        row.Text(state.BatchId);
        row.Guid(state.CreatedBy);
        row.Boolean(state.IsInteractive);
        row.Boolean(state.VendorBasedBookkeeping);
        row.Int(state.NumberOfItems);
        row.Time(state.CreatedAt);
        row.Time(state.StartedAt);
        row.Time(state.CompletedAt);
        row.Time(state.ExpiredAt);
        row.Text(state.FailureType);
        row.Text(state.FailureReason);
        row.Time(state.ChangedAt);
        row.Time(state.ChangedAt);
        for (var count = 0; count < 6; count++) row.Int(0);
    }

    public void Add(string tenantId, string integrationId, IntegrationState state)
    {
        var row = _integrations;
        row.Start(7);
        row.Text(tenantId);
        row.Text(integrationId);
        row.Long(state.Version);
        row.Text(state.Vendor);
        row.Text(state.VendorAccountId);
        row.Boolean(state.Active);
        row.Time(state.ConnectedAt);
    }

    private static void Reference(CopyRows row, ExportReference? reference)
    {
        row.Text(reference?.ExternalId);
        row.Text(reference?.ExternalUrl);
        row.Time(reference?.ReportedAt);
        row.Text(reference?.Note);
    }

    private static void Failure(CopyRows row, ExportFailure? failure)
    {
        row.Text(failure?.Type);
        row.Text(failure?.Reason);
        row.Time(failure?.At);
    }
}
