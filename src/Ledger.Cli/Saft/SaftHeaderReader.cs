using Ledger.Cli.Money;
using Ledger.Cli.Terminal;

namespace Ledger.Cli.Saft;

internal static class SaftHeaderReader
{
    public static SaftHeader Read(SaftXml xml)
    {
        string? registration = null, taxRegistration = null, name = null, currency = null;
        foreach (var member in xml.Children())
        {
            if (member == "DefaultCurrencyCode") currency = xml.Text();
            if (member != "Company") continue;
            foreach (var detail in xml.Children())
            {
                if (detail == "RegistrationNumber") registration = xml.Text();
                else if (detail == "Name") name = xml.Text();
                else if (detail == "TaxRegistration") taxRegistration = TaxRegistrationNumber(xml) ?? taxRegistration;
            }
        }

        var number = string.IsNullOrEmpty(registration) ? taxRegistration : registration;
        if (string.IsNullOrEmpty(number))
            throw CommandFailure.BadInput("its Header has no registration number of the company, which the record ids are made of");
        if (string.IsNullOrEmpty(currency)) throw CommandFailure.BadInput("its Header has no DefaultCurrencyCode");
        if (!Currencies.TryGetExponent(currency, out var exponent))
            throw CommandFailure.BadInput($"its currency '{Printable.Line(currency)}' is not a currency of ISO 4217");
        return new SaftHeader(number, name ?? "", currency, exponent);
    }

    private static string? TaxRegistrationNumber(SaftXml xml)
    {
        string? number = null;
        foreach (var member in xml.Children())
        {
            if (member == "TaxRegistrationNumber") number = xml.Text();
        }

        return number;
    }
}
