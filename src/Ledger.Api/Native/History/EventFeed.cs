using System.Globalization;
using Ledger.Api.Errors;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;

namespace Ledger.Api.Native.History;

/// <summary>Every event of the tenant in sealed order: by pages, as a stream to the head, or as a stream that stays open.</summary>
internal static class EventFeed
{
    private const string Page = $$"""{"events":[{{EventBody.Example}}],"next_after":4711,"head":4711}""";

    private const string Sse = "id: 4711\nevent: item_exported\ndata: {\"position\":4711,\"stream_id\":\"item/erp/INV-2026-0042\",\"version\":1,\"type\":\"item_exported\"}\n\n";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/events", HandleAsync).RequireScope("audit:read")
        .WithSummary("Read the event feed")
        .WithDescription("""
            Every event of the tenant once, in the order of its position: 1, 2, 3 … without gaps. `Accept` chooses the form: `application/json` is a page, to be followed by `after={next_after}`;
            `application/x-ndjson` goes on to the head as of the request and ends; `text/event-stream` stays open and tells new events as they are sealed. Its events carry their position as `id`, so a browser's
            `EventSource` resumes by `Last-Event-ID` by itself; a comment every 15 seconds shows that the line is alive.
            """)
        .WithQueryParameter("after", "Start after this position; 0 (the default) is the beginning.", "4710")
        .WithQueryParameter("limit", "1 to 1000 events per page; of the other forms, the most to send in all.", "100")
        .WithHeader("Last-Event-ID", "Of an event stream: the position to go on after; goes before `after`.", "4710")
        .WithResponseExample(200, "Events after the position.", Page).WithResponseExample(200, "", EventBody.Example, "application/x-ndjson").WithResponseExample(200, "", Sse, "text/event-stream")
        .WithErrors(400);

    private static async Task<IResult> HandleAsync(HttpContext context, LedgerClient client, EventStore.EventStore store, SealedSignal signal, CancellationToken cancellationToken)
    {
        var query = new NativeQuery(context);
        var after = query.Int64("after", 0, long.MaxValue) ?? 0;
        var isStream = Accepts(context, "text/event-stream");
        var isLines = !isStream && Accepts(context, "application/x-ndjson");
        var most = isStream || isLines ? query.Int64("limit", 1, long.MaxValue) ?? long.MaxValue : query.Limit();
        if (query.Fault is { } fault) return new FaultResult(fault);
        // What is no position means that the caller has seen nothing of this feed.
        if (isStream && long.TryParse(context.Request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var last)) after = last;
        if (isStream) return new EventStreamResult(store, signal, client.TenantId, after, most);
        if (isLines) return new NdjsonFeedResult(store, client.TenantId, after, most);

        var events = await store.ReadFeedAsync(client.TenantId, after, (int)most, cancellationToken);
        var head = await store.HeadAsync(client.TenantId, cancellationToken);
        return new EventPage(events, json =>
        {
            json.WriteNumber("next_after", events.Count > 0 ? events[^1].Position!.Value : after);
            json.WriteNumber("head", head);
        });
    }

    private static bool Accepts(HttpContext context, string mediaType) => context.Request.Headers.Accept.ToString().Contains(mediaType, StringComparison.OrdinalIgnoreCase);
}
