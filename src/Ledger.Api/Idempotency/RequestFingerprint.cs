using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ledger.Api.Idempotency;

/// <summary>Tells whether a request with a known key is the same request: SHA-256 of path, query and body. A JSON body counts by its content, not by white space or the order of members.</summary>
internal static class RequestFingerprint
{
    public static byte[] Of(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        var text = new ArrayBufferWriter<byte>(body.Length + 256);
        text.Write(Encoding.UTF8.GetBytes($"{request.PathBase}{request.Path}{request.QueryString}\n"));
        try
        {
            using var document = JsonDocument.Parse(body, new() { AllowTrailingCommas = true });
            using var writer = new Utf8JsonWriter(text);
            WriteSorted(writer, document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            text.Write(body.Span);   // no JSON, or not acceptable as such: the bytes themselves
        }
        return SHA256.HashData(text.WrittenSpan);
    }

    private static void WriteSorted(Utf8JsonWriter writer, JsonElement element)
    {
        if (element.ValueKind is JsonValueKind.Object)
        {
            writer.WriteStartObject();
            foreach (var member in element.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
            {
                writer.WritePropertyName(member.Name);
                WriteSorted(writer, member.Value);
            }
            writer.WriteEndObject();
        }
        else if (element.ValueKind is JsonValueKind.Array)
        {
            writer.WriteStartArray();
            foreach (var item in element.EnumerateArray()) WriteSorted(writer, item);
            writer.WriteEndArray();
        }
        else
        {
            element.WriteTo(writer);
        }
    }
}
