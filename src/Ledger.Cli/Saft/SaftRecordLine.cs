using System.Globalization;
using System.Text.Json;

namespace Ledger.Cli.Saft;

/// <summary>Writes one line of the file: one record line per posting, and what the line points at as tags with its name.</summary>
internal sealed class SaftRecordLine(SaftHeader header, SaftNames names)
{
    public void Write(Utf8JsonWriter json, SaftLine line)
    {
        foreach (var posting in line.Postings)
        {
            var side = posting.Side == SaftSide.Debit ? "debit" : "credit";
            json.WriteStartObject();
            // Both sides on one file line: two record lines, told apart by their side.
            if (!string.IsNullOrEmpty(line.Id)) json.WriteString("id", line.Postings.Count == 1 ? line.Id : $"{line.Id}-{side}");
            json.WriteString("side", side);
            json.WriteStartObject("amount");
            json.WriteNumber("value", posting.AmountMinor);
            json.WriteString("currency", header.Currency);
            json.WriteEndObject();
            if (!string.IsNullOrEmpty(line.AccountId)) json.WriteString("account", line.AccountId);
            if (!string.IsNullOrEmpty(line.Description)) json.WriteString("text", line.Description);
            json.WriteStartArray("tags");
            WriteTags(json, line, posting);
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    private void WriteTags(Utf8JsonWriter json, SaftLine line, SaftPosting posting)
    {
        if (line.AccountId is { } account && names.Accounts.TryGetValue(account, out var name)) WriteTag(json, "account", null, account, name);
        foreach (var analysis in line.Analyses)
        {
            var (type, value) = names.Analyses.GetValueOrDefault(analysis);
            WriteTag(json, analysis.Type, type, analysis.Id, value);
        }

        foreach (var tax in line.Taxes.Where(tax => !string.IsNullOrEmpty(tax.Code)))
            WriteTag(json, "tax", tax.Type, tax.Code!, names.TaxCodes.GetValueOrDefault(tax.Code!), tax.Percentage);
        WriteTag(json, "customer", null, line.CustomerId, line.CustomerId is null ? null : names.Customers.GetValueOrDefault(line.CustomerId)?.Name);
        WriteTag(json, "supplier", null, line.SupplierId, line.SupplierId is null ? null : names.Suppliers.GetValueOrDefault(line.SupplierId)?.Name);
        WriteTag(json, "source_document", null, line.SourceDocumentId, null);
        WriteTag(json, "reference", null, line.ReferenceNumber, null);
        WriteTag(json, "value_date", null, line.ValueDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), null);
        if (posting.Foreign is { } foreign)
            WriteTag(json, "voucher_currency", null, foreign.Currency, foreign.Amount, foreign.Rate);
    }

    private static void WriteTag(Utf8JsonWriter json, string group, string? groupName, string? code, string? name, string? rate = null)
    {
        if (string.IsNullOrEmpty(code)) return;
        json.WriteStartObject();
        json.WriteString("group_code", group);
        if (!string.IsNullOrEmpty(groupName)) json.WriteString("group_name", groupName);
        json.WriteString("code", code);
        if (!string.IsNullOrEmpty(name)) json.WriteString("name", name);
        if (!string.IsNullOrEmpty(rate)) json.WriteString("rate", rate);
        json.WriteEndObject();
    }
}
