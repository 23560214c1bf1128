using System.Collections.Frozen;

namespace Ledger.Cli.Money;

/// <summary>The currencies of ISO 4217 and their minor units, from list one (amendment 177) of the maintenance agency.</summary>
internal static class Currencies
{
    private const string NoMinorUnit = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
    private const string Thousandths = "BHD IQD JOD KWD LYD OMR TND";
    private const string TenThousandths = "CLF UYW";

    private const string Hundredths =
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF "
        + "CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG "
        + "HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR "
        + "MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD "
        + "SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG "
        + "YER ZAR ZMW ZWG";

    private static readonly FrozenDictionary<string, int> Exponents =
        Table(NoMinorUnit, 0).Concat(Table(Hundredths, 2)).Concat(Table(Thousandths, 3)).Concat(Table(TenThousandths, 4))
            .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Decimal places of the minor unit: 2 for NOK, 0 for JPY, 3 for KWD. False for a code ISO 4217 does not list.</summary>
    public static bool TryGetExponent(string currency, out int exponent) => Exponents.TryGetValue(currency, out exponent);

    private static IEnumerable<KeyValuePair<string, int>> Table(string codes, int exponent) =>
        codes.Split(' ').Select(code => KeyValuePair.Create(code, exponent));
}
