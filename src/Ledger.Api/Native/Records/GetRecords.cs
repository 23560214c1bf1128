using System.Globalization;
using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Domain.Records;
using Ledger.Projections.Past;
using Ledger.Projections.Records;

namespace Ledger.Api.Native.Records;

/// <summary>One record, or a page of them in the order of their numbers.</summary>
internal static class GetRecords
{
    private const string List = "records";

    private sealed record Page(IEnumerable<RecordBody> Records, string? NextCursor);

    public static readonly Fault Unknown = Fault.NotFound("record_not_found", "There is no such record.");

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/records/{id}", OneAsync).RequireScope("records:write", "exports:read", "audit:read")
            .WithSummary("Get a record").WithDescription("Withdrawn records are shown too. `ETag` is the record's version: send it as `If-None-Match` to be told 304 while nothing changed. " + AsOfQuery.Description)
            .WithPathParameter("id", "The platform's id, percent-encoded.", "INV-2026-0042").WithAsOf()
            .WithHeader("If-None-Match", "The `ETag` of an earlier answer.", "\"1\"")
            .WithResponseExample(200, "The record.", RecordExamples.Record).WithResponseMembers(200, AsOfQuery.Members).WithResponseExample(304, "The record is as it was.").WithErrors(400, 404);
        routes.MapGet("/records", PageAsync).RequireScope("records:write", "exports:read", "audit:read")
            .WithSummary("List records").WithDescription("In the order of their numbers. Filters are ANDed; `…_from` is inclusive, `…_to` exclusive.")
            .WithQueryParameter("stage", "`prepare`, `review` or `ready`.", "ready").WithQueryParameter("kind", "`accounting_entry`, `accounting_record` or `expense`.", "expense")
            .WithQueryParameter("text", "A part of the record's text, in any letter case.", "supplies")
            .WithQueryParameter("withdrawn", "Only withdrawn records, or only those that are not.", "false")
            .WithQueryParameter("created_from", "The platform's time of creation.", "2026-01-01T00:00:00Z").WithQueryParameter("created_to", "The platform's time of creation.", "2026-02-01T00:00:00Z")
            .WithQueryParameter("updated_from", "The platform's time of the last change.", "2026-01-01T00:00:00Z").WithQueryParameter("updated_to", "The platform's time of the last change.", "2026-02-01T00:00:00Z")
            .WithPaging()
            .WithResponseExample(200, "A page.", RecordExamples.Page).WithErrors(400);
    }

    private static async Task<IResult> OneAsync(HttpContext context, LedgerClient client, RecordPages pages, PastStates past, Moments moments, CancellationToken cancellationToken)
    {
        var (query, id) = (new NativeQuery(context), NativePath.RecordId(context));
        var asked = query.AsOf();
        if (query.Fault is { } fault) return new FaultResult(fault);
        if (asked is { } then)
        {
            var (moment, refusal) = await moments.FindAsync(client, then, cancellationToken);
            if (moment is null) return new FaultResult(refusal!);
            return await past.RecordAsync(client.TenantId, id, moment.Position, cancellationToken) is { } was ? NativeJson.Ok(RecordBody.Of(was, AsOfBody.Of(moment))) : new FaultResult(Unknown);
        }
        return await pages.FindAsync(client.TenantId, id, cancellationToken) is { } record
            ? NativeJson.Versioned(context, record.State.Version, RecordBody.Of(record))
            : new FaultResult(Unknown);
    }

    private static async Task<IResult> PageAsync(HttpContext context, LedgerClient client, RecordPages pages, Cursors cursors, CancellationToken cancellationToken)
    {
        var query = new NativeQuery(context);
        var filter = new RecordFilter(
            query.Word<Stage>("stage"), query.Word<RecordKind>("kind"), query.Text("text", 200), query.Boolean("withdrawn"),
            query.Time("created_from"), query.Time("created_to"), query.Time("updated_from"), query.Time("updated_to"));
        var limit = query.Limit();
        var after = await query.PlaceAsync(cursors, List, client.TenantId, cancellationToken);
        if (query.Fault is { } fault) return new FaultResult(fault);
        var records = await pages.ListAsync(client.TenantId, filter, after is null ? long.MinValue : long.Parse(after, CultureInfo.InvariantCulture), limit + 1, cancellationToken);
        var next = records.Count > limit ? await cursors.WriteAsync(List, client.TenantId, records[limit - 1].State.Number.ToString(CultureInfo.InvariantCulture), cancellationToken) : null;
        return NativeJson.Ok(new Page(records.Take(limit).Select(RecordBody.Of), next));
    }
}
