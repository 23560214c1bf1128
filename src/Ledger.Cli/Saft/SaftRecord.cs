using System.Globalization;
using System.Text.Json;

namespace Ledger.Cli.Saft;

/// <summary>Writes a transaction as a record of the native API. The mapping is described in <c>docs/cli.md</c>.</summary>
internal sealed class SaftRecord(SaftHeader header, SaftNames names)
{
    public void Write(Utf8JsonWriter json, string id, SaftTransaction transaction)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("kind", "accounting_entry");
        WriteAmount(json, "amount", SumOf(transaction, SaftSide.Debit));
        WriteDate(json, "posted_at", transaction.PostingDate ?? transaction.TransactionDate);
        WriteInstant(json, "created_at", transaction.SystemEntryDate);
        WriteInstant(json, "updated_at", transaction.ModificationDate);
        WriteText(json, "text", transaction.Description);
        WriteText(json, "account", Largest(transaction, SaftSide.Debit)?.AccountId);
        WriteText(json, "contra_account", Largest(transaction, SaftSide.Credit)?.AccountId);
        WriteCounterparty(json, transaction);
        json.WriteStartArray("lines");
        foreach (var line in transaction.Lines) new SaftRecordLine(header, names).Write(json, line);
        json.WriteEndArray();
        WriteOrigin(json, transaction);
        json.WriteEndObject();
    }

    /// <exception cref="CommandFailure">The sum does not fit the ledger's int64.</exception>
    private static long SumOf(SaftTransaction transaction, SaftSide side)
    {
        try
        {
            return transaction.Lines.SelectMany(line => line.Postings).Where(posting => posting.Side == side).Sum(posting => posting.AmountMinor);
        }
        catch (OverflowException)
        {
            throw CommandFailure.BadInput($"line {transaction.FileLine}: the sum of the transaction's amounts is too large");
        }
    }

    /// <summary>The line with the largest posting on a side stands for the whole transaction where a single account is asked for.</summary>
    private static SaftLine? Largest(SaftTransaction transaction, SaftSide side) => transaction.Lines
        .Where(line => line.Postings.Any(posting => posting.Side == side))
        .MaxBy(line => line.Postings.Where(posting => posting.Side == side).Max(posting => posting.AmountMinor));

    private void WriteCounterparty(Utf8JsonWriter json, SaftTransaction transaction)
    {
        var customer = transaction.CustomerId ?? transaction.Lines.Select(line => line.CustomerId).FirstOrDefault(id => !string.IsNullOrEmpty(id));
        var supplier = transaction.SupplierId ?? transaction.Lines.Select(line => line.SupplierId).FirstOrDefault(id => !string.IsNullOrEmpty(id));
        var id = string.IsNullOrEmpty(supplier) ? customer : supplier;
        if (string.IsNullOrEmpty(id)) return;
        var isSupplier = id == supplier;
        var party = (isSupplier ? names.Suppliers : names.Customers).GetValueOrDefault(id);
        json.WriteStartObject("counterparty");
        json.WriteString("id", id);
        json.WriteString("name", party?.Name ?? id);
        json.WriteString("type", isSupplier ? "supplier" : "customer");
        WriteText(json, "registration_number", party?.RegistrationNumber);
        json.WriteEndObject();
    }

    // Members of the source that a record has no place for, kept under one name beside the entry's own.
    private static void WriteOrigin(Utf8JsonWriter json, SaftTransaction transaction)
    {
        json.WriteStartObject("facets");
        json.WriteStartObject("accounting_entries");
        json.WriteStartObject("saft");
        WriteText(json, "journal_id", transaction.Journal.Id);
        WriteText(json, "journal_name", transaction.Journal.Name);
        WriteText(json, "journal_type", transaction.Journal.Type);
        json.WriteString("transaction_id", transaction.Id);
        WriteText(json, "transaction_type", transaction.Type);
        WriteDate(json, "transaction_date", transaction.TransactionDate);
        WriteDate(json, "posting_date", transaction.PostingDate);
        WriteDate(json, "system_entry_date", transaction.SystemEntryDate);
        WriteText(json, "period", transaction.Period);
        WriteText(json, "period_year", transaction.PeriodYear);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteAmount(Utf8JsonWriter json, string name, long minor)
    {
        json.WriteStartObject(name);
        json.WriteNumber("value", minor);
        json.WriteString("currency", header.Currency);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (!string.IsNullOrEmpty(text)) json.WriteString(name, text);
    }

    private static void WriteDate(Utf8JsonWriter json, string name, DateOnly? date)
    {
        if (date is { } day) json.WriteString(name, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    // The file has days; the API wants an instant there.
    private static void WriteInstant(Utf8JsonWriter json, string name, DateOnly? date)
    {
        if (date is { } day) json.WriteString(name, day.ToString("yyyy-MM-dd'T00:00:00Z'", CultureInfo.InvariantCulture));
    }
}
