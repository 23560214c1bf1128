using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Ledger.Domain.Records;

namespace Ledger.Api.Dialects.ExportJobs.Objects;

/// <summary>Amounts as this contract counts them: in hundredths of the currency's unit, whatever its own smallest unit is.</summary>
internal static class ContractMoney
{
    // ISO 4217 list one: the currencies whose minor unit is not a hundredth.
    private static readonly FrozenDictionary<string, int> Places =
        Each("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF", 0)
            .Concat(Each("BHD IQD JOD KWD LYD OMR TND", 3))
            .Concat(Each("CLF UYW", 4))
            .ToFrozenDictionary(StringComparer.Ordinal);

    // The contract's closed list: ISO 4217 with historic codes.
    private static readonly FrozenSet<string> Known = (
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BYR BZD CAD CDF CHE CHF CHW CLF CLP CNY "
        + "COP COU CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR "
        + "ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LTL LYD MAD MDL MGA MKD MMK MNT MOP MRO MRU MUR MVR MWK MXN MXV MYR "
        + "MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RUR RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STD STN "
        + "SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN USS UYI UYU UYW UZS VED VEF VES VND VUV WST XAD XAF XAG XAU XBA XBB XBC XBD "
        + "XCD XCG XDR XOF XPD XPF XPT XSU XTS XUA XXX YER ZAR ZMW ZWG ZWL").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>1250 EUR is <c>1250</c>, 1250 JPY is <c>125000</c>, 1255 KWD is <c>125.5</c>: the contract's value is a number, not an integer.</summary>
    public static void WriteMoney(this Utf8JsonWriter json, string name, Money amount)
    {
        var scale = Places.GetValueOrDefault(amount.Currency, 2) - 2;
        json.WriteStartObject(name);
        json.WriteString("currency", Known.Contains(amount.Currency) ? amount.Currency : "UNDEFINED");
        json.WritePropertyName("value");
        json.WriteRawValue((scale switch { > 0 => Divided(amount.Value, scale), < 0 => amount.Value * 100m, _ => amount.Value }).ToString(CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    /// <summary>The same amount in both of the contract's currencies: a record that names two says so in its facet.</summary>
    public static void WriteAmount(this Utf8JsonWriter json, string name, Money amount)
    {
        json.WriteStartObject(name);
        json.WriteMoney("inSupplierCurrency", amount);
        json.WriteMoney("inWalletCurrency", amount);
        json.WriteEndObject();
    }

    // Without the zeros that say nothing: 1250 thousandths are 125, not 125.0.
    private static decimal Divided(long minor, int places) => minor / (places == 1 ? 10m : 100m) / 1.000000000000000000000000000m;

    private static IEnumerable<KeyValuePair<string, int>> Each(string codes, int places) => codes.Split(' ').Select(code => KeyValuePair.Create(code, places));
}
