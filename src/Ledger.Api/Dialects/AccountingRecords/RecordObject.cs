using System.Globalization;
using System.Text.Json;
using Ledger.Projections.Records;

namespace Ledger.Api.Dialects.AccountingRecords;

/// <summary>Writes the accounting record object. Members that may be null are written as null.</summary>
internal static class RecordObject
{
    private static readonly HashSet<string> OwnMembers =
    [
        "id", "amount", "original_amount", "type", "review_status", "source_id", "source_type", "erp_posting_date", "updated_at", "version",
        "receipts", "user", "vendor", "memo", "posted_at", "due_at", "invoice_number", "line_items",
    ];

    public static void Write(Utf8JsonWriter json, ReviewedRecord reviewed, bool singleEntry)
    {
        var record = reviewed.Record;
        var facet = new RecordFacet(record.Details.Facets);
        var type = RecordWords.TypeOf(facet.Text("type"), record.SourceType, record.Amount.Value);
        json.WriteStartObject();
        json.WriteString("id", record.Id.Value);
        json.WritePropertyName("amount");
        AmountObject.Write(json, record.Amount);
        WriteElement(json, "original_amount", facet.Amount("original_amount"));
        json.WriteString("type", type);
        json.WriteString("review_status", RecordWords.Of(reviewed.Status));
        json.WriteString("source_id", facet.Text("source_id"));
        json.WriteString("source_type", RecordWords.Of(record.SourceType));
        json.WriteString("erp_posting_date", TimeText.Of(facet.Time("erp_posting_date") ?? record.PostedAt));
        json.WriteString("updated_at", TimeText.Of(reviewed.ChangedAt));
        json.WriteNumber("version", reviewed.Version);
        WriteReceipts(json, facet, record.Details.Files);
        RecordParties.WriteUser(json, facet, record.Details.User);
        RecordParties.WriteVendor(json, facet, record.Details.Counterparty);
        json.WriteString("memo", facet.Text("memo") ?? record.Text);
        json.WriteString("posted_at", TimeText.Of(record.PostedAt));
        json.WriteString("due_at", facet.Time("due_at") is { } due ? TimeText.Of(due) : null);
        json.WriteString("invoice_number", facet.Text("invoice_number"));
        LineItems.Write(json, record, facet, type, singleEntry);
        // What the contract does not know, clients ignore: the platform may send it all the same.
        foreach (var member in facet.Members.Where(member => !OwnMembers.Contains(member.Name))) member.WriteTo(json);
        json.WriteEndObject();
    }

    private static void WriteElement(Utf8JsonWriter json, string name, JsonElement? value)
    {
        json.WritePropertyName(name);
        if (value is { } given) given.WriteTo(json);
        else json.WriteNullValue();
    }

    private static void WriteReceipts(Utf8JsonWriter json, RecordFacet facet, JsonElement? files)
    {
        if (facet.Value("receipts") is { ValueKind: JsonValueKind.Array } given && given.EnumerateArray().All(IsReceipt))
        {
            WriteElement(json, "receipts", given);
            return;
        }
        json.WriteStartArray("receipts");
        if (files is { ValueKind: JsonValueKind.Array } own)
        {
            foreach (var (url, index) in own.EnumerateArray().Select((file, index) => (RecordFacet.TextOf(file, "url"), index)).Where(file => file.Item1 is not null))
            {
                json.WriteStartObject();
                json.WriteString("id", string.Create(CultureInfo.InvariantCulture, $"file:{index + 1}"));
                json.WriteStartArray("download_uris");
                json.WriteStringValue(url);
                json.WriteEndArray();
                json.WriteEndObject();
            }
        }
        json.WriteEndArray();
    }

    private static bool IsReceipt(JsonElement receipt) =>
        RecordFacet.TextOf(receipt, "id") is not null
        && (RecordFacet.Member(receipt, "download_uris") is not { } uris || (uris.ValueKind is JsonValueKind.Array && uris.EnumerateArray().All(uri => uri.ValueKind is JsonValueKind.String)));
}
