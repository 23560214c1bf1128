using System.Globalization;

namespace Ledger.Api.Input;

/// <summary>Looks at <c>\uXXXX</c> only: in valid UTF-8 an escape is the one way to write U+0000 or half a surrogate pair into a JSON string.</summary>
internal static class JsonEscapes
{
    /// <param name="json">A whole document or the inside of one string; in valid JSON a backslash occurs only within strings.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? FirstRefused(ReadOnlySpan<byte> json)
    {
        for (var at = json.IndexOf((byte)'\\'); at >= 0 && at < json.Length;)
        {
            var unit = Unit(json[at..]);
            var length = unit < 0 ? 2 : 6;
            if (unit == 0) return "U+0000 is not accepted in text.";
            if (unit is >= 0xD800 and <= 0xDFFF)
            {
                if (unit >= 0xDC00 || at + length > json.Length || Unit(json[(at + length)..]) is not (>= 0xDC00 and <= 0xDFFF))
                    return "Half a surrogate pair is not text.";
                length = 12;
            }
            at += length;
            if (at >= json.Length) break;
            var next = json[at..].IndexOf((byte)'\\');
            if (next < 0) break;
            at += next;
        }
        return null;
    }

    /// <summary>The UTF-16 code unit of the escape at the start, -1 when it is none or another one.</summary>
    private static int Unit(ReadOnlySpan<byte> json) =>
        json.Length >= 6 && json[0] == '\\' && json[1] == 'u'
        && ushort.TryParse(json[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) ? unit : -1;
}
