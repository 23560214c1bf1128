using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ledger.Domain;
using Ledger.EventStore;

namespace Ledger.Api.Native.History;

/// <summary>Writes events as every history of the native API shows them. <c>data</c> is the stored body as it is, not renamed to snake_case: what is shown is what is kept.</summary>
internal static class EventBody
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public const string Example = """
        {"position":4711,"stream_id":"item/erp/INV-2026-0042","version":1,"id":"0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b","type":"item_exported","recorded_at":"2026-01-15T10:00:05.482113Z",
         "actor":"demo","dialect":"native","system_id":"erp","record_id":"INV-2026-0042","correlation_id":"0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a00","causation_id":null,
         "data":{"externalId":"4200017","externalUrl":"https://erp.example/4200017"}}
        """;

    public static Utf8JsonWriter Writer(IBufferWriter<byte> output) => new(output, Readable);

    public static void Write(Utf8JsonWriter json, RecordedEvent recorded)
    {
        var isItem = StreamIds.TryParseItem(recorded.StreamId, out var system, out var record);
        if (recorded.StreamId.StartsWith(StreamIds.RecordPrefix, StringComparison.Ordinal)) record = new(recorded.StreamId[StreamIds.RecordPrefix.Length..]);
        json.WriteStartObject();
        if (recorded.Position is { } position) json.WriteNumber("position", position);
        else json.WriteNull("position");
        json.WriteString("stream_id", recorded.StreamId);
        json.WriteNumber("version", recorded.Version);
        json.WriteString("id", recorded.Id);
        json.WriteString("type", recorded.Type);
        json.WriteString("recorded_at", NativeJson.Text(recorded.RecordedAt));
        json.WriteString("actor", recorded.Actor);
        json.WriteString("dialect", recorded.Dialect);
        json.WriteString("system_id", isItem ? system.Value : null);
        json.WriteString("record_id", record.Value);
        json.WriteString("correlation_id", recorded.CorrelationId);
        json.WriteString("causation_id", recorded.CausationId);
        json.WritePropertyName("data");
        json.WriteRawValue(recorded.Data, skipInputValidation: true);
        json.WriteEndObject();
    }
}

/// <summary>A page of events: <c>{"events":[…], …}</c> with the members the list adds.</summary>
/// <param name="write">Writes one event; as <see cref="EventBody"/> does unless given.</param>
internal sealed class EventPage(IReadOnlyList<RecordedEvent> events, Action<Utf8JsonWriter> members, Action<Utf8JsonWriter, RecordedEvent>? write = null) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        await using (var json = EventBody.Writer(httpContext.Response.BodyWriter))
        {
            json.WriteStartObject();
            json.WriteStartArray("events");
            foreach (var recorded in events) (write ?? EventBody.Write)(json, recorded);
            json.WriteEndArray();
            members(json);
            json.WriteEndObject();
        }
        await httpContext.Response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }
}
