using System.Text.Json;
using Ledger.Cli.Money;
using Ledger.Cli.Terminal;

namespace Ledger.Cli.Import;

/// <summary>The meaning of a CSV file's columns, and how a row becomes a record.</summary>
internal sealed class CsvColumns
{
    private static readonly string[] Texts =
        ["id", "kind", "source_type", "stage", "posted_at", "created_at", "updated_at", "text", "account", "contra_account"];

    private static readonly string[] Amounts = ["amount", "amount_minor", "currency"];
    private static readonly string[] Parties = ["counterparty.id", "counterparty.name", "user.id", "user.name"];
    private readonly Dictionary<string, int> columns = new(StringComparer.Ordinal);

    private CsvColumns(string[] header)
    {
        for (var index = 0; index < header.Length; index++)
        {
            var name = header[index].Trim();
            if (name == "lines") throw CommandFailure.BadInput("lines do not fit into a CSV row; use NDJSON (ledger import ndjson) for records with lines");
            if (!Texts.Contains(name) && !Amounts.Contains(name) && !Parties.Contains(name))
                throw CommandFailure.BadInput($"unknown column '{Printable.Line(name)}'; known are {string.Join(", ", Texts.Concat(Amounts).Concat(Parties))}");
            if (!columns.TryAdd(name, index)) throw CommandFailure.BadInput($"column '{name}' appears twice");
        }
    }

    public static CsvColumns Of(string[] header)
    {
        var columns = new CsvColumns(header);
        foreach (var required in (string[])["id", "currency"])
        {
            if (!columns.columns.ContainsKey(required)) throw CommandFailure.BadInput($"column '{required}' is missing");
        }

        if (columns.columns.ContainsKey("amount") == columns.columns.ContainsKey("amount_minor"))
            throw CommandFailure.BadInput("one column of 'amount' (12.50) and 'amount_minor' (1250) is needed");
        return columns;
    }

    /// <param name="line">Of the file, for messages.</param>
    public void Write(Utf8JsonWriter json, string[] row, long line)
    {
        json.WriteStartObject();
        foreach (var name in Texts)
        {
            if (Cell(row, name) is { } text) json.WriteString(name, text);
        }

        WriteAmount(json, row, line);
        WriteParty(json, row, "counterparty");
        WriteParty(json, row, "user");
        json.WriteEndObject();
    }

    private void WriteAmount(Utf8JsonWriter json, string[] row, long line)
    {
        var currency = Cell(row, "currency") ?? throw CommandFailure.BadInput($"line {line} has no currency");
        if (!Currencies.TryGetExponent(currency, out var exponent))
            throw CommandFailure.BadInput($"line {line}: '{Printable.Line(currency)}' is not a currency of ISO 4217");
        var text = Cell(row, "amount") ?? Cell(row, "amount_minor") ?? throw CommandFailure.BadInput($"line {line} has no amount");
        var decimals = columns.ContainsKey("amount") ? exponent : 0;
        if (!MinorUnits.TryParse(text, decimals, out var minor))
            throw CommandFailure.BadInput($"line {line}: '{Printable.Line(text)}' is not an amount in {currency} with at most {decimals} decimals");
        json.WriteStartObject("amount");
        json.WriteNumber("value", minor);
        json.WriteString("currency", currency);
        json.WriteEndObject();
    }

    private void WriteParty(Utf8JsonWriter json, string[] row, string member)
    {
        var id = Cell(row, $"{member}.id");
        var name = Cell(row, $"{member}.name") ?? id;
        if (name is null) return;
        json.WriteStartObject(member);
        if (id is not null) json.WriteString("id", id);
        json.WriteString("name", name);
        json.WriteEndObject();
    }

    private string? Cell(string[] row, string column) =>
        columns.TryGetValue(column, out var index) && !string.IsNullOrWhiteSpace(row[index]) ? row[index].Trim() : null;
}
