using System.Text.Json;
using Ledger.Api.Dialects.AccountingEntries.Filters;
using Ledger.Api.Dialects.AccountingEntries.Query;
using Ledger.Api.Errors;
using Ledger.Api.Security;
using Ledger.Domain;
using Ledger.Projections;
using Ledger.Projections.Items;
using Ledger.Projections.Records;

namespace Ledger.Api.Dialects.AccountingEntries;

/// <summary><c>GET /v10/accounting-entries/export</c>: what is not exported to a system, or has not been ever since a time.</summary>
internal static class ExportEntries
{
    private const string AsOfHeader = "X-Ledger-As-Of";

    public static async Task<IResult> HandleAsync(HttpContext context, LedgerClient client, ExportQueue queue, CancellationToken cancellationToken)
    {
        var sent = context.Request.QueryString.Value ?? "";
        if (sent.Length > PhpQueryString.MaxBytes)
            return new FaultResult(new Fault(FaultKind.UriTooLong, "uri_too_long", $"The query may have at most {PhpQueryString.MaxBytes} bytes."));
        var faults = new List<InputFault>();
        var query = ExportQuery.Parse(sent, faults);
        if (faults.Count > 0) return new FaultResult(AccountingEntriesErrors.Invalid(faults));

        var (records, asOf) = await queue.ReadAsync(Question(client.TenantId, query), cancellationToken);
        context.Response.Headers[AsOfHeader] = AsOfText(asOf, query.NotExportedSince);
        return new JsonAnswer(json => Write(json, records));
    }

    private static QueueQuestion Question(string tenantId, ExportQuery query)
    {
        var sql = new FilterSql(key => key == FilterKey.CreatedAt ? "r.created_at" : "r.updated_at", RecordCondition.FirstParameter);
        var condition = query.Groups.Count == 0 ? null : new RecordCondition(sql.Condition(query.Groups), sql.Parameters, FilterTimes.Ways(query.Groups));
        var order = query.Sort.Select(by => new RecordOrder(ColumnOf(by.Key), by.Descending)).ToList();
        return new QueueQuestion(tenantId, new SystemId(query.SystemId), query.NotExportedSince, After: 0, query.Offset, query.Limit, condition, order, WithItems: false);
    }

    private static RecordSort ColumnOf(SortKey key) => key switch
    {
        SortKey.CreatedAt => RecordSort.CreatedAt,
        SortKey.UpdatedAt => RecordSort.UpdatedAt,
        _ => RecordSort.Number,
    };

    /// <summary>Every event up to the position is in the answer; <c>since</c> is the time applied, absent when it is the present.</summary>
    private static string AsOfText(AsOf asOf, DateTimeOffset? since) =>
        $"position={asOf.Position}, time={DateTimeText.Canonical(asOf.Time)}" + (since is { } applied ? $", since={DateTimeText.Canonical(applied)}" : "");

    private static void Write(Utf8JsonWriter json, List<QueuedRecord> records)
    {
        json.WriteStartObject();
        json.WriteStartArray("accounting_entries");
        foreach (var queued in records) EntryObject.Write(json, EntryOf(queued.Record));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static Entry EntryOf(RecordView record) => new(
        record.State.Number, record.Amount.Value, record.Amount.Currency, record.Account, record.ContraAccount, record.PostedAt,
        record.Text, record.CreatedAt, record.UpdatedAt, FacetOf(record.Details.Facets));

    private static JsonElement? FacetOf(JsonElement? facets) =>
        facets is { ValueKind: JsonValueKind.Object } members && members.TryGetProperty("accounting_entries", out var facet) ? facet : null;
}
