using System.Globalization;
using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.Native.Records;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Domain;
using Ledger.Projections.Items;
using Ledger.Projections.Past;

namespace Ledger.Api.Native.Systems;

/// <summary>What is still to be exported to a system, or would have to be exported again after it was restored to an earlier moment.</summary>
internal static class NotExported
{
    private const string List = "not-exported";

    private sealed record Row(RecordBody Record, ItemBody State);

    private sealed record Page(IEnumerable<Row> Items, string? NextCursor, AsOfBody AsOf);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/systems/{system_id}/not-exported", HandleAsync).RequireScope("exports:read")
        .WithSummary("List what is not exported")
        .WithDescription("""
            Ready records that are not exported to the system, in the order of their numbers. With `since`, also those exported after that moment (by the ledger's own recorded time):
            what has to be sent again after the system was restored to it. A record exported at exactly that moment counts as exported. The cost is that of the page, whatever the size of the ledger.
            """ + " " + AsOfQuery.Description + " The list is then what it was: without the records that came later, and with their content of that moment.")
        .WithPathParameter("system_id", "The target system; one that was never seen is offered everything.", "erp")
        .WithQueryParameter("since", "RFC 3339.", "2026-01-12T06:00:00Z").WithAsOf().WithPaging()
        .WithResponseExample(200, "A page, and what it speaks for.", SystemExamples.NotExported).WithErrors(400, 404);

    private static async Task<IResult> HandleAsync(
        HttpContext context, LedgerClient client, ExportQueue queue, PastQueue past, Moments moments, Cursors cursors, CancellationToken cancellationToken)
    {
        if (NativePath.SystemId(context) is not { } system) return new FaultResult(NativePath.UnknownSystem);
        var query = new NativeQuery(context);
        var (since, asked, limit) = (query.Time("since"), query.AsOf(), query.Limit());
        if (since is not null && asked is not null) query.Refuse("since", "May not be given together with as_of or as_of_position: it asks for what is to be sent again now.");
        if (asked is { } then) return await PastAsync(query, system, client, past, moments, cursors, then, limit, cancellationToken);
        var after = await query.PlaceAsync(cursors, List, client.TenantId, cancellationToken);
        if (query.Fault is { } fault) return new FaultResult(fault);
        var (records, asOf) = await queue.ReadAsync(new(client.TenantId, system, since, Number(after), 0, limit + 1), cancellationToken);
        var next = records.Count > limit ? await cursors.WriteAsync(List, client.TenantId, Text(records[limit - 1]), cancellationToken) : null;
        return NativeJson.Ok(new Page(Rows(system, records.Take(limit)), next, new AsOfBody(asOf.Position, asOf.Time)));
    }

    private static async Task<IResult> PastAsync(
        NativeQuery query, SystemId system, LedgerClient client, PastQueue past, Moments moments, Cursors cursors, AskedMoment asked, int limit, CancellationToken cancellationToken)
    {
        var (place, fault) = await PastPlace.ReadAsync(query, cursors, moments, client, $"{List}/{system}", asked, cancellationToken);
        if (place is null) return new FaultResult(fault!);
        var records = await past.ReadAsync(new(client.TenantId, system, place.Moment.Position, Number(place.After), limit + 1), cancellationToken);
        var next = records.Count > limit ? await place.NextAsync(cursors, client, Text(records[limit - 1]), cancellationToken) : null;
        return NativeJson.Ok(new Page(Rows(system, records.Take(limit)), next, AsOfBody.Of(place.Moment)));
    }

    private static IEnumerable<Row> Rows(SystemId system, IEnumerable<QueuedRecord> records) =>
        records.Select(row => new Row(RecordBody.Of(row.Record), ItemBody.Of(system, row.Record.Id, row.Record.State.IsReady, row.Item)));

    private static long Number(string? place) => place is null ? 0 : long.Parse(place, CultureInfo.InvariantCulture);

    private static string Text(QueuedRecord row) => row.Record.State.Number.ToString(CultureInfo.InvariantCulture);
}
