using System.Globalization;
using System.Text.Json;
using Ledger.Domain;
using Ledger.EventStore;

namespace Ledger.Api.Native.History;

/// <summary>Writes an event as a CloudEvent 1.0 in the JSON format, with the extensions Sequence and Correlation.</summary>
/// <remarks>Attributes without a value are left out, as the format demands; <c>data</c> is the stored body as it is.</remarks>
internal static class CloudEventBody
{
    public const string TypePrefix = "export-ledger.";

    public const string Example = """
        {"specversion":"1.0","id":"0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b","source":"export-ledger/acme","type":"export-ledger.item_exported","subject":"item/erp/INV-2026-0042",
         "time":"2026-01-15T10:00:05.482113Z","sequence":"0000000000000004711","streamversion":"1","actor":"demo","dialect":"native","systemid":"erp","recordid":"INV-2026-0042",
         "correlationid":"0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a00","datacontenttype":"application/json","data":{"externalId":"4200017","externalUrl":"https://erp.example/4200017"}}
        """;

    /// <param name="source">The first line of the checkpoints of the tenant's log: names this history and no other.</param>
    public static void Write(Utf8JsonWriter json, RecordedEvent recorded, string source)
    {
        var isItem = StreamIds.TryParseItem(recorded.StreamId, out var system, out var record);
        if (recorded.StreamId.StartsWith(StreamIds.RecordPrefix, StringComparison.Ordinal)) record = new(recorded.StreamId[StreamIds.RecordPrefix.Length..]);
        void Attribute(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value)) json.WriteString(name, value);
        }
        json.WriteStartObject();
        json.WriteString("specversion", "1.0");
        json.WriteString("id", recorded.Id);
        json.WriteString("source", source);
        json.WriteString("type", TypePrefix + recorded.Type);
        json.WriteString("subject", recorded.StreamId);
        json.WriteString("time", NativeJson.Text(recorded.RecordedAt));
        // Sequences are compared as text. Attributes know integers of 32 bits only.
        Attribute("sequence", recorded.Position?.ToString("D19", CultureInfo.InvariantCulture));
        Attribute("streamversion", recorded.Version.ToString(CultureInfo.InvariantCulture));
        Attribute("actor", recorded.Actor);
        Attribute("dialect", recorded.Dialect);
        Attribute("systemid", isItem ? system.Value : null);
        Attribute("recordid", record.Value);
        Attribute("correlationid", recorded.CorrelationId);
        Attribute("causationid", recorded.CausationId);
        json.WriteString("datacontenttype", "application/json");
        json.WritePropertyName("data");
        json.WriteRawValue(recorded.Data, skipInputValidation: true);
        json.WriteEndObject();
    }
}
