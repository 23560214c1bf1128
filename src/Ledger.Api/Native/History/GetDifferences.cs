using System.Globalization;
using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.Native.Systems;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Domain;
using Ledger.Projections.Past;

namespace Ledger.Api.Native.History;

/// <summary>Which items changed state between two moments.</summary>
internal static class GetDifferences
{
    private sealed record Difference(long Position, string SystemId, string RecordId, ItemBody? From, ItemBody To);

    private sealed record Page(IEnumerable<Difference> Differences, string? NextCursor, AsOfBody From, AsOfBody To);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/diff", HandleAsync).RequireScope("audit:read")
        .WithSummary("Compare two moments")
        .WithDescription("""
            The items whose state is not the same at both moments, each once, with its state at both, in the order of `position`: the first event between them of the item or of its record.
            `from` is null for a record that was not registered yet. Without `system_id`: all systems in which something had happened at the later moment. The answer names both moments by position
            and never changes. A page may hold fewer items than asked for, or none, and still have a `next_cursor`: only null says that there is no more.
            """)
        .WithQueryParameter("from", "The earlier moment: a position, or an RFC 3339 time.", "2026-01-12T06:00:00Z", required: true)
        .WithQueryParameter("to", "The later moment: a position, or an RFC 3339 time; now unless given.", "4711")
        .WithQueryParameter("system_id", "Only this system; in one that was never seen every registered record is offered.", "erp").WithPaging()
        .WithResponseExample(200, "A page, and the moments it speaks for.", SystemExamples.Differences).WithErrors(400);

    private static async Task<IResult> HandleAsync(HttpContext context, LedgerClient client, Differences differences, Moments moments, Cursors cursors, CancellationToken cancellationToken)
    {
        var query = new NativeQuery(context);
        var (askedFrom, askedTo, limit) = (query.Moment("from"), query.Moment("to"), query.Limit());
        var system = query.Text("system_id", SystemId.MaxLength) is { } given ? new SystemId(given.Trim()) : (SystemId?)null;
        if (system is { Value.Length: 0 }) query.Refuse("system_id", "Must not be blank.");
        if (askedFrom is null && query.Fault is null) query.Refuse("from", "Must be given.");
        var list = $"diff/{askedFrom}/{askedTo}/{system}";
        var cursor = await query.PlaceAsync(cursors, list, client.TenantId, cancellationToken);
        if (query.Fault is { } fault) return new FaultResult(fault);

        Moment from, to;
        DifferencePlace? after = null;
        if (cursor?.Split('/') is { } parts)
        {
            (from, to) = (PastPlace.MomentOf(parts[0], parts[1]), PastPlace.MomentOf(parts[2], parts[3]));
            after = new(long.Parse(parts[4], CultureInfo.InvariantCulture), int.Parse(parts[5], CultureInfo.InvariantCulture));
        }
        else
        {
            // In this order: now, asked for twice, must not come out earlier the second time.
            var (earlier, noEarlier) = await moments.FindAsync(client, askedFrom!.Value, cancellationToken, "from");
            if (earlier is null) return new FaultResult(noEarlier!);
            var (later, noLater) = await moments.FindAsync(client, askedTo ?? AskedMoment.Now, cancellationToken, "to");
            if (later is null) return new FaultResult(noLater!);
            if (earlier.Position > later.Position || askedFrom.Value.Time > askedTo?.Time) return new FaultResult(Reversed(earlier, later));
            (from, to) = (earlier, later);
        }
        var page = await differences.ReadAsync(new(client.TenantId, from.Position, to.Position, system, after, limit), cancellationToken);
        var next = page.Next is { } place
            ? await cursors.WriteAsync(list, client.TenantId, string.Create(CultureInfo.InvariantCulture, $"{PastPlace.Text(from)}/{PastPlace.Text(to)}/{place.Position}/{place.Systems}"), cancellationToken)
            : null;
        return NativeJson.Ok(new Page(page.Differences.Select(Body), next, AsOfBody.Of(from), AsOfBody.Of(to)));
    }

    private static Difference Body(ItemDifference difference) =>
        new(difference.Position, difference.System.Value, difference.Record.Value, difference.From is { } from ? Body(difference, from) : null, Body(difference, difference.To));

    private static ItemBody Body(ItemDifference difference, PastItem item) => ItemBody.Of(difference.System, difference.Record, item.Record.IsReady, item.Item);

    private static Fault Reversed(Moment from, Moment to)
    {
        var message = string.Create(CultureInfo.InvariantCulture, $"Must not be later than to: it is position {from.Position}, and to is position {to.Position}.");
        return Fault.Invalid([new("?from", message)]);
    }
}
