using Ledger.Api.Errors;
using Ledger.Api.Hosting;
using Ledger.Api.Native.Records;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Projections;
using Ledger.Projections.Items;
using Ledger.Projections.Past;

namespace Ledger.Api.Native.Systems;

/// <summary>One record in one system: now, or as it was recorded at a time or a position.</summary>
internal static class GetItem
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/systems/{system_id}/items/{record_id}", HandleAsync).RequireScope("exports:read", "audit:read")
        .WithSummary("Get the state of a record in a system")
        .WithDescription("""
            `status`: `offered`, `processing` (an attempt is open), `failed`, `exported`, or `withheld` (the record is not ready or withdrawn). Processing and failed records are offered too.
            """ + " " + AsOfQuery.Description)
        .WithPathParameter("system_id", "The target system; in one that was never seen the record is untouched.", "erp").WithPathParameter("record_id", "The platform's id, percent-encoded.", "INV-2026-0042")
        .WithAsOf()
        .WithHeader("If-None-Match", "The `ETag` of an earlier answer.", "\"2.1\"")
        .WithResponseExample(200, "The state, and what it speaks for.", SystemExamples.Item).WithResponseExample(304, "The state is as it was.").WithErrors(400, 404);

    private static async Task<IResult> HandleAsync(
        HttpContext context, LedgerClient client, ItemStates states, PastStates past, RequestData requests, CancellationToken cancellationToken)
    {
        if (NativePath.SystemId(context) is not { } system) return new FaultResult(NativePath.UnknownSystem);
        var record = NativePath.RecordId(context, "record_id");
        var query = new NativeQuery(context);
        var asked = query.AsOf();
        if (query.Fault is { } fault) return new FaultResult(fault);
        if (asked is { } then)
        {
            if (AsOfQuery.Refusal(client) is { } forbidden) return new FaultResult(forbidden);
            var (answer, state) = await past.ItemAsync(client.TenantId, system, record, then, cancellationToken);
            var (moment, refusal) = AsOfQuery.Answer(answer, then);
            if (moment is null) return new FaultResult(refusal!);
            return state is not null
                ? NativeJson.Ok(ItemBody.Of(system, record, state.Record.IsReady, state.Item, AsOfBody.Of(moment)))
                : new FaultResult(GetRecords.Unknown);
        }
        // Read before the state: whatever is at or before this position is in the answer.
        var now = await AsOf.NowAsync(requests.DataSource, client.TenantId, cancellationToken);
        if (!(await states.LoadAsync(client.TenantId, system, [record], cancellationToken)).TryGetValue(record, out var item)) return new FaultResult(GetRecords.Unknown);
        // The answer depends on two streams, and so does its tag; what it speaks for moves on without changing it.
        return NativeJson.Versioned(context, $"{item.Item.Version}.{item.Record.Version}", ItemBody.Of(system, record, item.Record.IsReady, item.Item, new AsOfBody(now.Position, now.Time)));
    }
}
