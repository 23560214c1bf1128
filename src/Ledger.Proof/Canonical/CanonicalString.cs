using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace Ledger.Proof.Canonical;

/// <summary>Strings as RFC 8785 §3.2.2.2 writes them: only what JSON forces is escaped.</summary>
internal static class CanonicalString
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 32).Select(control => (byte)control)]);

    /// <summary>Writes the string or member name the reader stands on.</summary>
    public static void Write(ref Utf8JsonReader reader, ref CanonicalBuffer form)
    {
        if (!reader.ValueIsEscaped)
        {
            var raw = reader.ValueSpan;
            if (!Utf8.IsValid(raw)) throw new FormatException("A string is not UTF-8.");
            var room = form.Reserve(raw.Length + 2);
            room[0] = (byte)'"';
            raw.CopyTo(room[1..]);
            room[raw.Length + 1] = (byte)'"';
            form.Length += raw.Length + 2;
            return;
        }
        var plain = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            WritePlain(plain.AsSpan(0, reader.CopyString(plain)), ref form);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain);
        }
    }

    /// <param name="plain">UTF-8 as it is meant, nothing escaped.</param>
    public static void WritePlain(ReadOnlySpan<byte> plain, ref CanonicalBuffer form)
    {
        form.Append((byte)'"');
        while (plain.IndexOfAny(Escaped) is >= 0 and var at)
        {
            form.Append(plain[..at]);
            WriteEscape(plain[at], ref form);
            plain = plain[(at + 1)..];
        }
        form.Append(plain);
        form.Append((byte)'"');
    }

    private static void WriteEscape(byte value, ref CanonicalBuffer form)
    {
        switch (value)
        {
            case (byte)'"': form.Append("\\\""u8); break;
            case (byte)'\\': form.Append("\\\\"u8); break;
            case 8: form.Append("\\b"u8); break;
            case 9: form.Append("\\t"u8); break;
            case 10: form.Append("\\n"u8); break;
            case 12: form.Append("\\f"u8); break;
            case 13: form.Append("\\r"u8); break;
            default:
                form.Append("\\u00"u8);
                form.Append("0123456789abcdef"u8[value >> 4]);
                form.Append("0123456789abcdef"u8[value & 15]);
                break;
        }
    }
}
