using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Ledger.Domain.Records;

/// <summary>
/// Tells whether a record sent again is the record we have: SHA-256 over its content with members sorted, so that neither
/// the order of members nor white space makes a revision. The stage is left out: a change of stage alone is its own event.
/// </summary>
public static class ContentHash
{
    public static string Of(RecordContent content)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(bytes))
        {
            var element = JsonSerializer.SerializeToElement(content with { Stage = Stage.Ready }, EventJson.Default.RecordContent);
            WriteSorted(writer, element);
        }
        return Convert.ToBase64String(SHA256.HashData(bytes.WrittenSpan));
    }

    private static void WriteSorted(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    WriteSorted(writer, member.Value);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray()) WriteSorted(writer, item);
                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
