using System.Buffers;
using System.Text.Json;

namespace Ledger.Proof.Canonical;

/// <summary>The one form of a JSON value that is hashed: RFC 8785, with numbers never rounded (<see cref="CanonicalNumber"/>).</summary>
/// <remarks>
/// Two texts have the same form exactly when they are the same value, so whatever PostgreSQL's jsonb does to a text (order and
/// spacing of members, escapes, zeros at the end of a fraction) is neutral, and an edit of any digit is not.
/// </remarks>
public static class CanonicalJson
{
    /// <summary>Nesting at which a value is refused; what the service accepts stays far below.</summary>
    public const int MaxDepth = 256;

    private static readonly JsonReaderOptions Strict = new() { MaxDepth = MaxDepth };

    /// <summary>Appends the canonical form of one JSON value.</summary>
    /// <param name="json">UTF-8, one value; white space around it is allowed.</param>
    /// <exception cref="FormatException">Not JSON, not UTF-8, a member twice in one object, a lone surrogate, too deep, or a number past PostgreSQL's numeric.</exception>
    public static void Write(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        var form = new CanonicalBuffer(json.Length + 16);
        try
        {
            var reader = new Utf8JsonReader(json, Strict);
            if (!reader.Read()) throw new FormatException("There is no JSON value.");
            WriteValue(ref reader, ref form);
            if (reader.Read()) throw new FormatException("More follows the JSON value.");
            output.Write(form.Written);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new FormatException($"Not JSON: {fault.Message}", fault);
        }
        finally
        {
            form.Dispose();
        }
    }

    /// <summary>The canonical form as an array of its own.</summary>
    /// <inheritdoc cref="Write"/>
    public static byte[] Of(ReadOnlySpan<byte> json)
    {
        var output = new ArrayBufferWriter<byte>(json.Length + 16);
        Write(json, output);
        return output.WrittenSpan.ToArray();
    }

    private static void WriteValue(ref Utf8JsonReader reader, ref CanonicalBuffer form)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject: WriteObject(ref reader, ref form); break;
            case JsonTokenType.StartArray: WriteArray(ref reader, ref form); break;
            case JsonTokenType.String: CanonicalString.Write(ref reader, ref form); break;
            case JsonTokenType.Number: CanonicalNumber.Write(reader.ValueSpan, ref form); break;
            case JsonTokenType.True: form.Append("true"u8); break;
            case JsonTokenType.False: form.Append("false"u8); break;
            default: form.Append("null"u8); break;
        }
    }

    private static void WriteArray(ref Utf8JsonReader reader, ref CanonicalBuffer form)
    {
        form.Append((byte)'[');
        for (var isFirst = true; ; isFirst = false)
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.EndArray) break;
            if (!isFirst) form.Append((byte)',');
            WriteValue(ref reader, ref form);
        }
        form.Append((byte)']');
    }

    // Members are written one after the other as they come, each with the comma after it, and put in order at the end: most
    // objects arrive sorted or are small.
    private static void WriteObject(ref Utf8JsonReader reader, ref CanonicalBuffer form)
    {
        form.Append((byte)'{');
        var first = form.MemberCount;
        var sorted = true;
        while (true)
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.EndObject) break;
            var start = form.Length;
            CanonicalString.Write(ref reader, ref form);
            var nameLength = form.Length - start;
            form.Append((byte)':');
            reader.Read();
            WriteValue(ref reader, ref form);
            form.Append((byte)',');
            sorted &= form.AddMember(first, new(start, nameLength, form.Length - start));
        }
        if (!sorted) form.SortMembers(first);
        form.ForgetMembers(first);
        if (form.Last == (byte)',') form.Length--;
        form.Append((byte)'}');
    }
}
