using System.Globalization;
using System.Text.Json;
using Ledger.Api.Amounts;

namespace Ledger.Api.Dialects.AccountingEntries;

/// <summary>A record, as far as this dialect shows it.</summary>
/// <param name="Facet">The record's <c>facets.accounting_entries</c>: members only this dialect shows.</param>
internal sealed record Entry(
    long Number, long AmountMinor, string Currency, string? Account, string? ContraAccount, DateTimeOffset PostedAt,
    string? Text, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, JsonElement? Facet);

/// <summary>Writes the accounting entry object.</summary>
internal static class EntryObject
{
    private static readonly HashSet<string> OwnMembers =
        ["id", "currency", "amount", "account", "contra_account", "date", "text", "created_at", "updated_at"];

    public static void Write(Utf8JsonWriter json, Entry entry)
    {
        json.WriteStartObject();
        json.WriteNumber("id", entry.Number);
        json.WriteString("currency", entry.Currency);
        json.WritePropertyName("amount");
        json.WriteRawValue(MajorUnits.Of(entry.AmountMinor, entry.Currency));
        WriteAccount(json, "account", entry.Account);
        WriteAccount(json, "contra_account", entry.ContraAccount);
        json.WriteString("date", DateTimeText.Canonical(entry.PostedAt));
        json.WriteString("text", entry.Text);
        json.WriteString("created_at", DateTimeText.Canonical(entry.CreatedAt));
        json.WriteString("updated_at", DateTimeText.Canonical(entry.UpdatedAt));
        WriteFacet(json, entry.Facet);
        json.WriteEndObject();
    }

    /// <summary>
    /// The original's accounts are integers. Ours may be any text: one that an integer says without loss is an integer,
    /// any other (<c>0400</c>, <c>4000-A</c>) stays text, because a changed account books to the wrong place.
    /// </summary>
    private static void WriteAccount(Utf8JsonWriter json, string name, string? account)
    {
        if (account is not null && long.TryParse(account, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number.ToString(CultureInfo.InvariantCulture) == account) json.WriteNumber(name, number);
        else json.WriteString(name, account);
    }

    // The nine members of the contract always come from the record itself: filters and sums must agree with what is shown.
    private static void WriteFacet(Utf8JsonWriter json, JsonElement? facet)
    {
        if (facet is not { ValueKind: JsonValueKind.Object } members) return;
        foreach (var member in members.EnumerateObject().Where(member => !OwnMembers.Contains(member.Name))) member.WriteTo(json);
    }
}
