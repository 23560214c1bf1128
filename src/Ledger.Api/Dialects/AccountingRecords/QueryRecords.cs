using System.Globalization;
using System.Text.Json;
using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Domain;
using Ledger.Projections.Integrations;
using Ledger.Projections.Records;

namespace Ledger.Api.Dialects.AccountingRecords;

/// <summary><c>GET /v3/accounting/records</c>: oldest change first, so that a client that polls by <c>updated_at[gt]</c> misses nothing.</summary>
internal static class QueryRecords
{
    private const string List = "accounting_records/updated_at";

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/records", HandleAsync).RequireScope("accounting.record.read", "accounting.record.write")
        .WithSummary("Query accounting records")
        .WithDescription("Filters are combined with AND; a cursor is a place in the list, so send the filters again with it. `review_status` finds CARD and REIMBURSEMENT records only.")
        .WithQueryParameter("ids", "Only these records; repeat the parameter, at most 500 times.", "accr_cm9x1q7d0001")
        .WithQueryParameter("review_status", "PREPARE, REVIEW, READY_FOR_EXPORT or EXPORTED. Not with source_type BILL.", "READY_FOR_EXPORT")
        .WithQueryParameter("source_type", "CARD, REIMBURSEMENT or BILL.", "CARD")
        .WithQueryParameter("updated_at[gt]", "Changed after this date or date-time (UTC).", "2026-06-10T00:00:00Z")
        .WithQueryParameter("updated_at[gte]", "Changed then or later.", "2026-06-10T00:00:00Z")
        .WithQueryParameter("updated_at[lt]", "Changed before.", "2026-06-11T00:00:00Z")
        .WithQueryParameter("updated_at[lte]", "Changed then or earlier.", "2026-06-11T00:00:00Z")
        .WithQueryParameter("single_entry", "Only the coded side of the double entry.", "false")
        .WithQueryParameter("limit", "1 to 1,000; 100 if left out.", "100")
        .WithQueryParameter("cursor", "next_cursor of the page before.", "6c1V…")
        .WithResponseExample(200, "One page, and how many records match in all.", Examples.Page)
        .WithErrors(400);

    private static async Task<IResult> HandleAsync(HttpContext context, LedgerClient client, IntegrationQueries integrations, ReviewPages records, Cursors cursors, CancellationToken cancellationToken)
    {
        var faults = new JsonFaults();
        var query = RecordQuery.Parse(context.Request.Query, faults);
        (DateTimeOffset, RecordId)? after = null;
        if (query.Cursor is { } cursor && (after = await PlaceAsync(cursors, client.TenantId, cursor, cancellationToken)) is null) faults.Add("?cursor", "Is not a cursor of this list.");
        if (faults.ToFault() is { } fault) return new FaultResult(fault);

        var system = await CallSystem.OfAsync(client, integrations, cancellationToken);
        var (page, hasMore, total) = await records.ReadAsync(
            new(client.TenantId, system, query.Ids, query.Status, query.Sources, query.From, query.Before, after, query.Limit), cancellationToken);
        var next = hasMore ? await cursors.WriteAsync(List, client.TenantId, Place(page[^1]), cancellationToken) : null;
        return new JsonAnswer(json => Write(json, page, query.SingleEntry, total, next));
    }

    private static string Place(ReviewedRecord last) => string.Create(CultureInfo.InvariantCulture, $"{last.ChangedAt.UtcTicks} {last.Record.Id.Value}");

    private static async ValueTask<(DateTimeOffset, RecordId)?> PlaceAsync(Cursors cursors, string tenantId, string cursor, CancellationToken cancellationToken)
    {
        if (await cursors.ReadAsync(List, tenantId, cursor, cancellationToken) is not { } place) return null;
        var blank = place.IndexOf(' ', StringComparison.Ordinal);
        return (new(long.Parse(place.AsSpan(0, blank), NumberStyles.None, CultureInfo.InvariantCulture), TimeSpan.Zero), new(place[(blank + 1)..]));
    }

    private static void Write(Utf8JsonWriter json, List<ReviewedRecord> page, bool singleEntry, long total, string? next)
    {
        json.WriteStartObject();
        json.WriteStartArray("items");
        foreach (var record in page) RecordObject.Write(json, record, singleEntry);
        json.WriteEndArray();
        json.WriteNumber("total_count", total);
        json.WriteString("next_cursor", next);
        json.WriteBoolean("has_next_page", next is not null);
        json.WriteEndObject();
    }
}
