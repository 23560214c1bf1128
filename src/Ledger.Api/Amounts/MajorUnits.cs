using System.Collections.Frozen;
using System.Globalization;

namespace Ledger.Api.Amounts;

/// <summary>Amounts for contracts that want a JSON number in major units: written digit by digit, never through binary floating point.</summary>
internal static class MajorUnits
{
    // ISO 4217 list one: the currencies whose minor unit is not a hundredth.
    private static readonly FrozenDictionary<string, int> Places =
        Each("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF", 0)
            .Concat(Each("BHD IQD JOD KWD LYD OMR TND", 3))
            .Concat(Each("CLF UYW", 4))
            .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>-1250 EUR is <c>-12.50</c>, 1250 JPY is <c>1250</c>, 1250 KWD is <c>1.250</c>.</summary>
    public static string Of(long minor, string currency)
    {
        var places = Places.GetValueOrDefault(currency, 2);
        var whole = Int128.Abs(minor);
        var scaled = new decimal((int)whole, (int)(whole >> 32), 0, minor < 0, (byte)places);
        return scaled.ToString(CultureInfo.InvariantCulture);
    }

    private static IEnumerable<KeyValuePair<string, int>> Each(string codes, int places) =>
        codes.Split(' ').Select(code => KeyValuePair.Create(code, places));
}
