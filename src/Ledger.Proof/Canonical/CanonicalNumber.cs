using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace Ledger.Proof.Canonical;

/// <summary>
/// Numbers: as ECMAScript writes the double when the double, in its shortest form, is exactly the decimal value that was
/// written; any other number with all its decimal digits and no exponent.
/// </summary>
/// <remarks>RFC 8785 alone would round integers past 2^53 and long fractions, and an edit could hide in what is rounded away.</remarks>
internal static class CanonicalNumber
{
    /// <summary>Digits a plain number may have: above PostgreSQL's numeric (131072 before the point, 16383 after), so that <c>1e999999999</c> is refused rather than written out.</summary>
    private const int MaxPlainDigits = 150_000;

    /// <param name="text">A number of the JSON grammar.</param>
    public static void Write(ReadOnlySpan<byte> text, ref CanonicalBuffer form)
    {
        if (text.Length <= 15 && text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0)
        {
            form.Append(text);
            return;
        }
        var isNegative = text[0] == '-';
        if (isNegative) text = text[1..];
        var digits = ArrayPool<byte>.Shared.Rent(text.Length);
        try
        {
            var (count, point) = Digits(text, digits);
            Write(isNegative, digits.AsSpan(0, count), point, ref form);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(digits);
        }
    }

    /// <summary>The significant digits without zeros at either end, and where the point stands: the value is 0.digits × 10^point.</summary>
    private static (int Count, long Point) Digits(ReadOnlySpan<byte> text, Span<byte> digits)
    {
        long exponent = 0;
        if (text.IndexOfAny((byte)'e', (byte)'E') is >= 0 and var at)
        {
            if (!TryParseExponent(text[(at + 1)..], out exponent)) exponent = text[at + 1] == '-' ? -int.MaxValue : int.MaxValue;
            text = text[..at];
        }
        var dot = text.IndexOf((byte)'.');
        var whole = dot < 0 ? text : text[..dot];
        whole.CopyTo(digits);
        var count = whole.Length;
        if (dot >= 0)
        {
            text[(dot + 1)..].CopyTo(digits[count..]);
            count += text.Length - dot - 1;
        }
        var leading = digits[..count].IndexOfAnyExcept((byte)'0');
        if (leading < 0) return (0, 0);
        digits[leading..count].CopyTo(digits);
        count -= leading;
        while (digits[count - 1] == '0') count--;
        return (count, whole.Length - leading + exponent);
    }

    private static bool TryParseExponent(ReadOnlySpan<byte> text, out long exponent)
    {
        var isNegative = text[0] == '-';
        if (text[0] is (byte)'-' or (byte)'+') text = text[1..];
        if (!Utf8Parser.TryParse(text, out exponent, out _) || exponent > int.MaxValue) return false;
        if (isNegative) exponent = -exponent;
        return true;
    }

    private static void Write(bool isNegative, ReadOnlySpan<byte> digits, long point, ref CanonicalBuffer form)
    {
        if (digits.IsEmpty)
        {
            form.Append((byte)'0');
            return;
        }
        if (isNegative) form.Append((byte)'-');
        var isDouble = IsShortestOfADouble(digits, point);
        if (isDouble && point is > 21 or <= -6) WriteExponent(digits, point - 1, ref form);
        else WritePlain(digits, point, ref form);
    }

    private static bool IsShortestOfADouble(ReadOnlySpan<byte> digits, long point)
    {
        // Every decimal of up to 15 digits in the normal range comes back from its double unchanged (C's DBL_DIG); no double needs more than 17.
        if (digits.Length > 17 || point is < -330 or > 310) return false;
        if (digits.Length <= 15 && point is > -290 and < 290) return true;
        Span<byte> text = stackalloc byte[32];
        digits.CopyTo(text);
        text[digits.Length] = (byte)'e';
        (point - digits.Length).TryFormat(text[(digits.Length + 1)..], out var written, default, CultureInfo.InvariantCulture);
        var value = double.Parse(text[..(digits.Length + 1 + written)], NumberStyles.Float, CultureInfo.InvariantCulture);
        if (!double.IsFinite(value) || value == 0) return false;
        value.TryFormat(text, out written, "R", CultureInfo.InvariantCulture);
        Span<byte> shortest = stackalloc byte[32];
        var (count, at) = Digits(text[..written], shortest);
        return at == point && shortest[..count].SequenceEqual(digits);
    }

    private static void WriteExponent(ReadOnlySpan<byte> digits, long exponent, ref CanonicalBuffer form)
    {
        form.Append(digits[0]);
        if (digits.Length > 1)
        {
            form.Append((byte)'.');
            form.Append(digits[1..]);
        }
        form.Append((byte)'e');
        form.Append(exponent < 0 ? (byte)'-' : (byte)'+');
        Span<byte> text = stackalloc byte[20];
        Math.Abs(exponent).TryFormat(text, out var written, default, CultureInfo.InvariantCulture);
        form.Append(text[..written]);
    }

    private static void WritePlain(ReadOnlySpan<byte> digits, long point, ref CanonicalBuffer form)
    {
        if (Math.Abs(point) + digits.Length > MaxPlainDigits) throw new FormatException("A number has more digits than can be stored.");
        var whole = (int)point;
        if (whole <= 0)
        {
            form.Append("0."u8);
            Zeros(-whole, ref form);
            form.Append(digits);
        }
        else if (digits.Length <= whole)
        {
            form.Append(digits);
            Zeros(whole - digits.Length, ref form);
        }
        else
        {
            form.Append(digits[..whole]);
            form.Append((byte)'.');
            form.Append(digits[whole..]);
        }
    }

    private static void Zeros(int count, ref CanonicalBuffer form)
    {
        form.Reserve(count).Fill((byte)'0');
        form.Length += count;
    }
}
