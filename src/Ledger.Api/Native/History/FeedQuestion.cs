using System.Globalization;
using Ledger.Api.Errors;
using Ledger.Domain;
using Ledger.Projections.Timelines;
using Microsoft.Net.Http.Headers;

namespace Ledger.Api.Native.History;

/// <summary>How a feed is sent. The first five are chosen by <c>Accept</c>, in the caller's order of preference.</summary>
internal enum FeedForm { Page, Lines, Stream, CloudEventBatch, CloudEvent }

/// <summary>What a caller of the feed wants, read from the request.</summary>
/// <param name="After">Position to start behind.</param>
/// <param name="AfterName">Where <paramref name="After"/> came from, for a refusal.</param>
/// <param name="Most">Events to send in all.</param>
internal sealed record FeedQuestion(FeedForm Form, bool AsCloudEvents, long After, string AfterName, long Most, FeedFilter Filter)
{
    private const int MostPrefixCharacters = 512;
    private const string LastEventId = "Last-Event-ID";

    private static readonly Dictionary<string, FeedForm> Forms = new(StringComparer.OrdinalIgnoreCase)
    {
        ["application/json"] = FeedForm.Page,
        ["application/*"] = FeedForm.Page,
        ["*/*"] = FeedForm.Page,
        ["application/x-ndjson"] = FeedForm.Lines,
        ["text/event-stream"] = FeedForm.Stream,
        ["application/cloudevents-batch+json"] = FeedForm.CloudEventBatch,
        ["application/cloudevents+json"] = FeedForm.CloudEvent,
    };

    /// <summary>The question, or every fault of it.</summary>
    public static (FeedQuestion? Question, Fault? Fault) Read(HttpContext context)
    {
        var query = new NativeQuery(context);
        var form = Preferred(context.Request);
        var after = query.Int64("after", 0, long.MaxValue) ?? 0;
        var most = form switch
        {
            FeedForm.Lines or FeedForm.Stream => query.Int64("limit", 1, long.MaxValue) ?? long.MaxValue,
            FeedForm.CloudEvent => query.Int64("limit", 1, 1) ?? 1,
            _ => query.Limit(),
        };
        var asCloudEvents = form is FeedForm.CloudEvent or FeedForm.CloudEventBatch;
        switch (query.Text("envelope", 32))
        {
            case null: break;
            case "cloudevents": asCloudEvents = true; break;
            case "native" when !asCloudEvents: break;
            case "native": query.Refuse("envelope", "Accept asks for CloudEvents."); break;
            default: query.Refuse("envelope", "Must be one of: native, cloudevents."); break;
        }
        var filter = new FeedFilter(
            query.Text("stream_prefix", MostPrefixCharacters), Types(query),
            query.Text("system_id", SystemId.MaxLength) is { } system ? new SystemId(system.Trim()) : null,
            query.Text("record_id", RecordId.MaxLength) is { } record ? new RecordId(record) : null);
        var afterName = "?after";
        // A browser that reconnects repeats the address it began with; what it has seen since then is in the header.
        if (form is FeedForm.Stream && context.Request.Headers[LastEventId].ToString() is { Length: > 0 } last)
        {
            afterName = LastEventId;
            if (!long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out after)) return (null, Fault.Invalid([new(LastEventId, "Must be a position, as the stream sent it as id.")]));
        }
        return query.Fault is { } fault ? (null, fault) : (new(form, asCloudEvents, after, afterName, most, filter), null);
    }

    /// <summary>A position that does not exist means that the caller speaks of another history, or that this one was set back: waiting for it would lose what is written until then.</summary>
    public Fault? Beyond(long head) => After <= head ? null : Fault.Invalid(
        [new(AfterName, string.Create(CultureInfo.InvariantCulture, $"Position {After} does not exist: the history ends at {head}. If it was once read, the ledger has been set back since."))])
        with
    { Code = "position_beyond_head" };

    private static List<string>? Types(NativeQuery query)
    {
        if (query.Text("type", 1_000) is not { } text) return null;
        List<string> types = [.. text.Split(',', StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal)];
        foreach (var unknown in types.Except(EventTypes.Names, StringComparer.Ordinal))
            query.Refuse("type", $"\"{unknown}\" is no type of event; known are {string.Join(", ", EventTypes.Names)}.");
        return types;
    }

    private static FeedForm Preferred(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
            ? accepted.Where(type => type.Quality is not 0).OrderByDescending(type => type.Quality ?? 1)
                .Select(type => Forms.TryGetValue(type.MediaType.Value!, out var form) ? form : (FeedForm?)null).FirstOrDefault(form => form is not null) ?? FeedForm.Page
            : FeedForm.Page;
}
