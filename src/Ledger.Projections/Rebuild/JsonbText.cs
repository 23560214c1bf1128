using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Ledger.Projections.Rebuild;

/// <summary>
/// JSON as PostgreSQL's jsonb prints it: keys by length and then by bytes, a space after colons and commas, no escape but those it makes. It only has to be so for
/// most values: a row whose text comes out differently is compared by PostgreSQL, by meaning.
/// </summary>
internal static class JsonbText
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (char)code), '"', '\\']);

    public static void Write(ReadOnlyMemory<byte> json, ArrayBufferWriter<byte> to)
    {
        using var document = JsonDocument.Parse(json);
        Write(document.RootElement, to);
    }

    private static void Write(JsonElement value, ArrayBufferWriter<byte> to)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var properties = value.EnumerateObject().Select(property => (Bytes: Encoding.UTF8.GetBytes(property.Name), property.Name, property.Value)).ToArray();
                Array.Sort(properties, static (one, other) => one.Bytes.Length != other.Bytes.Length ? one.Bytes.Length - other.Bytes.Length : one.Bytes.AsSpan().SequenceCompareTo(other.Bytes));
                to.Write("{"u8);
                for (var index = 0; index < properties.Length; index++)
                {
                    if (index > 0) to.Write(", "u8);
                    Write(properties[index].Name, to);
                    to.Write(": "u8);
                    Write(properties[index].Value, to);
                }
                to.Write("}"u8);
                break;
            case JsonValueKind.Array:
                to.Write("["u8);
                var first = true;
                foreach (var element in value.EnumerateArray())
                {
                    if (!first) to.Write(", "u8);
                    first = false;
                    Write(element, to);
                }
                to.Write("]"u8);
                break;
            case JsonValueKind.String:
                Write(value.GetString()!, to);
                break;
            default:
                to.Write(JsonMarshal.GetRawUtf8Value(value));
                break;
        }
    }

    private static void Write(string text, ArrayBufferWriter<byte> to)
    {
        to.Write("\""u8);
        if (!text.AsSpan().ContainsAny(Escaped)) Encoding.UTF8.GetBytes(text, to);
        else
        {
            var escaped = new StringBuilder();
            foreach (var letter in text)
            {
                _ = letter switch
                {
                    '"' => escaped.Append("\\\""),
                    '\\' => escaped.Append("\\\\"),
                    '\b' => escaped.Append("\\b"),
                    '\f' => escaped.Append("\\f"),
                    '\n' => escaped.Append("\\n"),
                    '\r' => escaped.Append("\\r"),
                    '\t' => escaped.Append("\\t"),
                    < ' ' => escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                    _ => escaped.Append(letter),
                };
            }
            Encoding.UTF8.GetBytes(escaped.ToString(), to);
        }
        to.Write("\""u8);
    }
}
