using System.Text.Json;
using Ledger.Api.Amounts;
using Ledger.Domain.Records;

namespace Ledger.Api.Dialects.AccountingRecords;

/// <summary><c>{"amount": 171.75, "currency": "USD"}</c>: a JSON number in major units, exact to the last digit.</summary>
internal static class AmountObject
{
    public static void Write(Utf8JsonWriter json, Money money, bool positive = false)
    {
        json.WriteStartObject();
        json.WritePropertyName("amount");
        var digits = MajorUnits.Of(money.Value, money.Currency);
        json.WriteRawValue(positive ? digits.TrimStart('-') : digits);
        json.WriteString("currency", money.Currency);
        json.WriteEndObject();
    }
}
