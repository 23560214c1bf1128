using System.Globalization;
using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.Native.Records;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Projections.Items;

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
            """)
        .WithPathParameter("system_id", "The target system; one that was never seen is offered everything.", "erp")
        .WithQueryParameter("since", "RFC 3339.", "2026-01-12T06:00:00Z").WithPaging()
        .WithResponseExample(200, "A page, and what it speaks for.", SystemExamples.NotExported).WithErrors(400, 404);

    private static async Task<IResult> HandleAsync(HttpContext context, LedgerClient client, ExportQueue queue, Cursors cursors, CancellationToken cancellationToken)
    {
        if (NativePath.SystemId(context) is not { } system) return new FaultResult(NativePath.UnknownSystem);
        var query = new NativeQuery(context);
        var (since, limit) = (query.Time("since"), query.Limit());
        var after = await query.PlaceAsync(cursors, List, client.TenantId, cancellationToken);
        if (query.Fault is { } fault) return new FaultResult(fault);
        var (records, asOf) = await queue.ReadAsync(
            new(client.TenantId, system, since, after is null ? 0 : long.Parse(after, CultureInfo.InvariantCulture), 0, limit + 1), cancellationToken);
        var next = records.Count > limit ? await cursors.WriteAsync(List, client.TenantId, records[limit - 1].Record.State.Number.ToString(CultureInfo.InvariantCulture), cancellationToken) : null;
        return NativeJson.Ok(new Page(
            records.Take(limit).Select(row => new Row(RecordBody.Of(row.Record), ItemBody.Of(system, row.Record.Id, row.Record.State.IsReady, row.Item))), next, new AsOfBody(asOf.Position, asOf.Time)));
    }
}
