using System.Globalization;
using Ledger.Api.Errors;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.EventStore;
using Ledger.EventStore.Log;
using Ledger.Projections.Timelines;

namespace Ledger.Api.Native.History;

/// <summary>Every event of the tenant in sealed order: by pages, as a stream to the head, or as a stream that stays open.</summary>
internal static class EventFeed
{
    public const string HeadHeader = "Ledger-Head";
    public const string NextAfterHeader = "Ledger-Next-After";

    /// <summary>Statements of bounded cost one page may take, so that a page of rare events answers in a fraction of a second: it says how far it came.</summary>
    private const int MostStatementsPerPage = 4;

    private const string Page = $$"""{"events":[{{EventBody.Example}}],"next_after":4711,"head":4711}""";

    private const string Sse = "id: 4711\nevent: item_exported\ndata: {\"position\":4711,\"stream_id\":\"item/erp/INV-2026-0042\",\"version\":1,\"type\":\"item_exported\"}\n\n";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/events", HandleAsync).RequireScope("audit:read")
        .WithSummary("Read the event feed")
        .WithDescription("""
            Every event of the tenant once, in the order of its position: 1, 2, 3 … without gaps. `Accept` chooses the form: `application/json` is a page, to be followed by `after={next_after}` until that is `head`;
            `application/x-ndjson` goes on to the head as of the request (`Ledger-Head`) and ends; `text/event-stream` stays open and tells new events as they are sealed. Its events carry their position as `id`, so a browser's
            `EventSource` resumes by `Last-Event-ID` by itself; a comment every 15 seconds shows that the line is alive.
            Filters leave out events, never change their order; a page with few or no events may have looked through 20,000 positions, so follow `next_after`, not the last event. An event stream moves `id` past what it left out.
            `application/cloudevents-batch+json` is the page as an array of CloudEvents 1.0 with `next_after` and `head` as headers `Ledger-Next-After` and `Ledger-Head`; `application/cloudevents+json` is the next event alone, or 204.
            """)
        .WithQueryParameter("after", "Start after this position; 0 (the default) is the beginning. One that does not exist is refused.", "4710")
        .WithQueryParameter("limit", "1 to 1000 events per page; of the other forms, the most to send in all.", "100")
        .WithQueryParameter("stream_prefix", "Only events of streams whose name starts so.", "item/erp/")
        .WithQueryParameter("type", "Only events of these types, separated by commas.", "item_exported,item_failed")
        .WithQueryParameter("system_id", "Only events of items in this system.", "erp")
        .WithQueryParameter("record_id", "Only events of this record and of its items in every system.", "INV-2026-0042")
        .WithQueryParameter("envelope", "`native`, or `cloudevents`: events as CloudEvents 1.0 in every form.", "native")
        .WithHeader("Last-Event-ID", "Of an event stream: the position to go on after; goes before `after`.", "4710")
        .WithResponseExample(200, "Events after the position.", Page).WithResponseExample(200, "", EventBody.Example, "application/x-ndjson").WithResponseExample(200, "", Sse, "text/event-stream")
        .WithResponseExample(200, "", $"[{CloudEventBody.Example}]", "application/cloudevents-batch+json").WithResponseExample(200, "", CloudEventBody.Example, "application/cloudevents+json")
        .WithResponseExample(204, "Of `application/cloudevents+json`: nothing matches up to `Ledger-Next-After`.")
        .WithErrors(400);

    private static async Task<IResult> HandleAsync(
        HttpContext context, LedgerClient client, EventStore.EventStore store, FilteredFeed feed, SealedSignal signal, LogSettings log, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (question, fault) = FeedQuestion.Read(context);
        if (question is null) return new FaultResult(fault!);
        var source = new FeedSource(store, feed, client.TenantId, log.OriginOf(client.TenantId), question);
        var head = await source.HeadAsync(cancellationToken);
        if (question.Beyond(head) is { } beyond) return new FaultResult(beyond);
        if (question.Form is FeedForm.Stream) return new EventStreamResult(source, signal, clock, EventStreamResult.Heartbeat);
        if (question.Form is FeedForm.Lines) return new NdjsonFeedResult(source, head);

        var (events, reached) = (new List<RecordedEvent>(), question.After);
        for (var statement = 0; statement < MostStatementsPerPage && reached < head && events.Count < question.Most; statement++)
        {
            var chunk = await source.ReadAsync(reached, head, question.Most - events.Count, cancellationToken);
            events.AddRange(chunk.Events);
            reached = chunk.Reached;
        }
        if (question.Form is not FeedForm.Page)
        {
            context.Response.Headers[NextAfterHeader] = reached.ToString(CultureInfo.InvariantCulture);
            context.Response.Headers[HeadHeader] = head.ToString(CultureInfo.InvariantCulture);
            return new CloudEventResult(source, events, isBatch: question.Form is FeedForm.CloudEventBatch);
        }
        return new EventPage(events, json =>
        {
            json.WriteNumber("next_after", reached);
            json.WriteNumber("head", head);
        }, source.Write);
    }
}
