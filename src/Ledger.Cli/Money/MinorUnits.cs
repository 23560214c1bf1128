using System.Globalization;

namespace Ledger.Cli.Money;

/// <summary>Exact conversion between decimal text and minor units. No binary floating point anywhere.</summary>
internal static class MinorUnits
{
    // 10^30: far past any int64, small enough that a further digit cannot overflow an Int128.
    private static readonly Int128 Enough = Int128.Parse("1000000000000000000000000000000", CultureInfo.InvariantCulture);

    /// <summary>
    /// Reads an <c>xs:decimal</c>: optional sign, digits, optionally a point and digits. Decimals past the minor unit are
    /// accepted only when they are zeros (<c>12.5000</c>), never rounded away.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, int exponent, out long minor)
    {
        minor = 0;
        text = text.Trim();
        var negative = text.StartsWith("-");
        if (negative || text.StartsWith("+")) text = text[1..];
        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        var fraction = point < 0 ? default : text[(point + 1)..];
        if (whole.Length + fraction.Length == 0) return false;

        Int128 value = 0;
        foreach (var digit in whole) if (!Append(ref value, digit)) return false;
        for (var place = 0; place < Math.Max(exponent, fraction.Length); place++)
        {
            var digit = place < fraction.Length ? fraction[place] : '0';
            if (place < exponent ? !Append(ref value, digit) : digit != '0') return false;
        }

        if (negative) value = -value;
        if (value < long.MinValue || value > long.MaxValue) return false;
        minor = (long)value;
        return true;
    }

    /// <summary>948704935 with 2 decimals as 9487049.35, or grouped as 9,487,049.35.</summary>
    public static string Format(Int128 minor, int exponent, bool grouped)
    {
        var digits = Int128.Abs(minor).ToString(CultureInfo.InvariantCulture).PadLeft(exponent + 1, '0');
        var whole = digits[..^exponent];
        if (grouped) whole = Int128.Parse(whole, CultureInfo.InvariantCulture).ToString("N0", CultureInfo.InvariantCulture);
        return (minor < 0 ? "-" : "") + whole + (exponent == 0 ? "" : "." + digits[^exponent..]);
    }

    private static bool Append(ref Int128 value, char digit)
    {
        if (!char.IsAsciiDigit(digit) || value > Enough) return false;
        value = (value * 10) + (digit - '0');
        return true;
    }
}
