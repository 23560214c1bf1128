using System.Globalization;
using System.Text.Json;
using Ledger.Domain.Records;
using Ledger.Projections.Records;

namespace Ledger.Api.Dialects.AccountingRecords;

/// <summary>The double entry of a record: the facet's line items where every one of them has the contract's form, else the record's own lines, else one line per account.</summary>
internal static class LineItems
{
    private const string GeneralLedger = "GL_ACCOUNT";
    private static readonly string[] FieldMembers = ["brex_field_id", "remote_field_id", "brex_field_value_id", "remote_field_value_id"];

    /// <param name="singleEntry">Only the coded side: the offset (what the card or the bank account is owed) is left out.</param>
    public static void Write(Utf8JsonWriter json, RecordView record, RecordFacet facet, string type, bool singleEntry)
    {
        var codedSide = RecordWords.IsRefund(type) || record.Amount.Value < 0 ? RecordWords.Credit : RecordWords.Debit;
        json.WriteStartArray("line_items");
        if (facet.Value("line_items") is { ValueKind: JsonValueKind.Array } given && given.GetArrayLength() > 0 && given.EnumerateArray().All(IsLine))
        {
            var kept = singleEntry ? CodedSide(given) ?? codedSide : null;
            foreach (var line in given.EnumerateArray())
                if (kept is null || RecordFacet.TextOf(line, "type") == kept) line.WriteTo(json);
        }
        else
        {
            foreach (var line in Own(record))
                if (!singleEntry || line.Type == codedSide) Write(json, line);
        }
        json.WriteEndArray();
    }

    /// <summary>The side that alone carries field values; null when both do, or neither.</summary>
    private static string? CodedSide(JsonElement lines)
    {
        var coded = lines.EnumerateArray().Where(line => line.GetProperty("accounting_field_values").GetArrayLength() > 0).Select(line => RecordFacet.TextOf(line, "type")).Distinct().ToList();
        return coded is [var only] ? only : null;
    }

    private static bool IsLine(JsonElement line) =>
        RecordFacet.TextOf(line, "id") is not null
        && RecordFacet.TextOf(line, "type") is RecordWords.Debit or RecordWords.Credit
        && RecordFacet.Member(line, "amount") is { } amount && RecordFacet.IsPositiveAmount(amount)
        && (RecordFacet.Member(line, "original_amount") is not { } original || RecordFacet.IsPositiveAmount(original))
        && RecordFacet.Member(line, "memo") is null or { ValueKind: JsonValueKind.String }
        && RecordFacet.Member(line, "accounting_field_values") is { ValueKind: JsonValueKind.Array } values && values.EnumerateArray().All(IsFieldValue);

    private static bool IsFieldValue(JsonElement value) =>
        value.ValueKind is JsonValueKind.Object && RecordFacet.TextOf(value, "brex_field_id") is not null
        && FieldMembers.All(name => value.TryGetProperty(name, out var member) && member.ValueKind is JsonValueKind.String or JsonValueKind.Null);

    private readonly record struct Line(string Id, string Type, Money Amount, string? Memo, string? Account, JsonElement? Tags);

    private static IEnumerable<Line> Own(RecordView record)
    {
        if (record.Details.Lines.Count > 0) return record.Details.Lines.Select((line, index) => Of(record, line, index));
        var (first, second) = record.Amount.Value < 0 ? (RecordWords.Credit, RecordWords.Debit) : (RecordWords.Debit, RecordWords.Credit);
        return
        [
            new(LineId(record, 0), first, record.Amount, null, record.Account, null),
            new(LineId(record, 1), second, record.Amount, null, record.ContraAccount, null),
        ];
    }

    // Amounts of lines are positive in this contract: a negative one is the other side.
    private static Line Of(RecordView record, RecordLine line, int index) => new(
        line.Id ?? LineId(record, index), (line.Side == LineSide.Debit) == (line.Amount.Value >= 0) ? RecordWords.Debit : RecordWords.Credit,
        line.Amount, line.Text, line.Account, line.Tags);

    private static string LineId(RecordView record, int index) => string.Create(CultureInfo.InvariantCulture, $"{record.Id.Value}:{index + 1}");

    private static void Write(Utf8JsonWriter json, Line line)
    {
        json.WriteStartObject();
        json.WriteString("id", line.Id);
        json.WriteString("type", line.Type);
        json.WritePropertyName("amount");
        AmountObject.Write(json, line.Amount, positive: true);
        json.WriteString("memo", line.Memo);
        json.WriteStartArray("accounting_field_values");
        if (line.Account is { } account) WriteField(json, GeneralLedger, account);
        if (line.Tags is { ValueKind: JsonValueKind.Array } tags)
        {
            foreach (var tag in tags.EnumerateArray())
                if (RecordFacet.TextOf(tag, "group_code") is { } group && RecordFacet.TextOf(tag, "code") is { } code) WriteField(json, group, code);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteField(Utf8JsonWriter json, string field, string value)
    {
        json.WriteStartObject();
        json.WriteString("brex_field_id", field);
        json.WriteString("remote_field_id", field);
        json.WriteString("brex_field_value_id", value);
        json.WriteString("remote_field_value_id", value);
        json.WriteEndObject();
    }
}
