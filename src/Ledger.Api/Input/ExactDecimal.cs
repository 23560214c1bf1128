using System.Globalization;

namespace Ledger.Api.Input;

/// <summary>Reads a JSON number into a decimal only when nothing of it is lost.</summary>
internal static class ExactDecimal
{
    /// <remarks>
    /// <see cref="decimal.Parse(string)"/> rounds what does not fit behind the point (<c>1e-400</c> becomes 0). Counting the significant
    /// digits and the places behind the point first keeps an amount from changing silently.
    /// </remarks>
    public static bool TryParse(string number, out decimal value)
    {
        value = default;
        var exponentAt = number.AsSpan().IndexOfAny('e', 'E');
        var mantissa = exponentAt < 0 ? number.AsSpan() : number.AsSpan(0, exponentAt);
        var exponent = 0;
        if (exponentAt >= 0 && !int.TryParse(number.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)) exponent = int.MaxValue;

        int significant = 0, zeros = 0, places = 0;
        var behindPoint = false;
        foreach (var character in mantissa)
        {
            if (character == '.') behindPoint = true;
            if (!char.IsAsciiDigit(character)) continue;
            if (behindPoint) places++;
            if (character == '0' && significant == 0) continue;
            if (character == '0') { zeros++; continue; }
            significant += zeros + 1;
            zeros = 0;
        }
        if (significant == 0) return true;
        // zeros now counts the trailing ones, which need no digit of the decimal.
        if (significant > 28 || (long)places - zeros - exponent > 28) return false;
        return decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }
}
