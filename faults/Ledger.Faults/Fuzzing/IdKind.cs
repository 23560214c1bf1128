namespace Ledger.Faults.Fuzzing;

/// <summary>What a parameter or a member of a body names.</summary>
internal enum IdKind
{
    /// <summary>Nothing of a tenant's: a date, an amount, a word.</summary>
    None,
    Record,
    EntryNumber,
    EntryUuid,
    System,
    Job,
    Export,
    Batch,
    Integration,
    VendorAccount,
    Webhook,
    Delivery,
    Event,
    Company,
    Cursor,

    /// <summary>A place in the tenant's own feed or log.</summary>
    Position,
    Tile,
    Token,
    Client,
    Key,
}

internal static class IdKinds
{
    private static readonly HashSet<string> Nothing =
    [
        "account", "as_of", "client_secret", "code", "contra_account", "country", "created_at", "created_from", "created_to", "currency", "deep_link_url", "employeeId", "envelope", "error_message", "event", "event_types", "exportedAt", "exported_at",
        "externalId", "externalUrl", "external_id", "external_reference", "external_url", "failureReason", "failureReasonType", "files", "filter_groups", "format", "from", "grant_type", "If-None-Match", "initiated_from", "initiated_to", "isInteractive",
        "kind", "limit", "name", "not_export_since", "not_exported_since", "note", "offset", "origin", "outcome", "page", "posted_at", "Prefer", "re_export", "reason", "reference_id", "review_status", "scope", "side", "since", "single_entry", "sort[0][direction]",
        "sort[0][key]", "sorting_keys", "sorting_order", "source_type", "stage", "start", "status", "statuses", "tags", "text", "to", "type", "updated_at", "updated_at[gt]", "updated_at[gte]", "updated_at[lt]", "updated_at[lte]", "updated_from", "updated_to", "url",
        "value", "vendor", "vendorBasedBookkeeping", "voucher_number", "withdrawn", "X-Traede-App-Key",
    ];

    /// <param name="name">Of a parameter, or of the member of a body.</param>
    /// <param name="path">Where in the body, <c>/records/0/id</c>; null: it is a parameter.</param>
    /// <returns>Null when nobody has said: a new parameter has to be entered here, or the sweep across tenants is red.</returns>
    public static IdKind? Of(PublishedOperation operation, string name, string? path = null) => name switch
    {
        "id" when path is null => operation.Path switch
        {
            _ when operation.Path.StartsWith("/ledger/v1/records/", StringComparison.Ordinal) => IdKind.Record,
            _ when operation.Path.StartsWith("/ledger/v1/jobs/", StringComparison.Ordinal) => IdKind.Job,
            _ when operation.Path.StartsWith("/api/v1/accounting-exports/", StringComparison.Ordinal) => IdKind.Export,
            _ when operation.Path.StartsWith("/ledger/v1/webhooks/deliveries/", StringComparison.Ordinal) => IdKind.Delivery,
            _ when operation.Path.Contains("/webhooks/", StringComparison.Ordinal) => IdKind.Webhook,
            _ => null,
        },
        // Whatever else a record carries an id of belongs to who sends it: a user, a line, a counterparty.
        "id" => path is "/id" or "/records/0/id" ? IdKind.Record : IdKind.None,
        "record_id" or "record_ids" or "ids" or "accounting_record_id" or "expense_id" or "expense_ids" => IdKind.Record,
        "accounting_entry_id" => path is null ? IdKind.EntryUuid : IdKind.EntryNumber,
        "accountingEntryId" or "accountingEntryIds" => IdKind.EntryUuid,
        "system_id" or "target_system" or "stream_prefix" => IdKind.System,
        "jobId" or "job_id" => IdKind.Job,
        "batch_id" => IdKind.Batch,
        "integration_id" => IdKind.Integration,
        "vendor_account_id" => IdKind.VendorAccount,
        "event_id" => IdKind.Event,
        "companyId" or "company_id" => IdKind.Company,
        "cursor" or "before" => IdKind.Cursor,
        "after" => operation.Path.StartsWith("/ledger/", StringComparison.Ordinal) ? IdKind.Position : IdKind.Cursor,
        "as_of_position" or "position" or "Last-Event-ID" => IdKind.Position,
        "size" => path is null ? IdKind.Position : IdKind.None,
        "from" or "to" when operation.Path == "/ledger/v1/log/consistency" => IdKind.Position,
        "path" => IdKind.Tile,
        "token" or "access_token" => IdKind.Token,
        "client_id" => IdKind.Client,
        "Idempotency-Key" => IdKind.Key,
        _ => Nothing.Contains(name) ? IdKind.None : null,
    };
}
