using System.Globalization;
using System.Text.Json.Nodes;
using Ledger.Api.Demo.Company;

namespace Ledger.Api.Demo.Facets;

/// <summary>What only the accounting-records API shows of a document, in its own names and with amounts in major units.</summary>
internal static class AccountingRecordFacet
{
    public static JsonObject Of(DemoDocument document)
    {
        var isBill = document.Scenario.SourceType == "bill";
        return new JsonObject
        {
            ["type"] = document.Scenario.RecordType,
            ["source_id"] = $"{(isBill ? "bill" : "expense")}_{document.SourceId:N}"[..24],
            ["erp_posting_date"] = Time(document.PostedAt),
            ["original_amount"] = document.SupplierAmount is { } charged ? Amount(charged.Minor, charged.Currency) : Amount(document.AmountMinor, document.Currency),
            ["due_at"] = isBill ? Time(new DateTimeOffset(document.PostedAt.Date, TimeSpan.Zero).AddDays(30)) : null,
            ["invoice_number"] = isBill ? document.Voucher : null,
            ["receipts"] = document.FileType is null
                ? new JsonArray()
                : new JsonArray(new JsonObject { ["id"] = $"receipt_{document.SourceId:N}"[..24], ["download_uris"] = new JsonArray($"https://files.demo.example/{document.SourceId:N}") }),
            ["user"] = document.Person is { } person ? User(person) : null,
            ["vendor"] = document.Supplier is { } supplier ? Vendor(supplier) : null,
            ["line_items"] = new JsonArray([.. LineItems(document)]),
        };
    }

    private static IEnumerable<JsonObject> LineItems(DemoDocument document)
    {
        foreach (var line in document.Lines)
            yield return Item(line.Id, document.CodedSide, line.NetMinor, document, document.Text, [Field("GL_ACCOUNT", line.Account.Code), .. Department(document), .. ProjectOf(line)]);
        if (document.TaxMinor > 0)
            yield return Item(document.TaxLineId, document.CodedSide, document.TaxMinor, document, "VAT", [Field("GL_ACCOUNT", document.TaxAccount.Code)]);
        yield return Item(document.OffsetLineId, document.OffsetSide, document.GrossMinor, document, null, []);
    }

    private static JsonObject Item(Guid id, string side, long minor, DemoDocument document, string? memo, JsonNode?[] fields) => new()
    {
        ["id"] = id.ToString(),
        ["type"] = side.ToUpperInvariant(),
        ["amount"] = Amount(minor, document.Currency),
        ["memo"] = memo,
        ["accounting_field_values"] = new JsonArray(fields),
    };

    private static IEnumerable<JsonObject> Department(DemoDocument document) => document.Person is { } person ? [Field("DEPARTMENT", person.Team.Code)] : [];

    private static IEnumerable<JsonObject> ProjectOf(DemoLine line) => line.Project is { } project ? [Field("PROJECT", project.Code)] : [];

    private static JsonObject Field(string field, string value) => new()
    {
        ["brex_field_id"] = $"extended_field_{field.ToLowerInvariant()}",
        ["remote_field_id"] = field,
        ["brex_field_value_id"] = $"efo_{value.ToLowerInvariant()}",
        ["remote_field_value_id"] = value,
    };

    private static JsonObject User(Person person) => new()
    {
        ["id"] = $"cuuser_{person.Id:N}"[..23],
        ["first_name"] = person.FirstName,
        ["last_name"] = person.LastName,
        ["email"] = person.Email,
        ["role"] = person.Role,
        ["status"] = "ACTIVE",
        ["department_id"] = person.Team.Code,
        ["department_name"] = person.Team.Name,
    };

    private static JsonObject Vendor(Supplier supplier) => new()
    {
        ["id"] = $"vendor_{supplier.Id:N}"[..23],
        ["name"] = supplier.Name,
        ["contact_name"] = null,
        ["email"] = null,
        ["website"] = null,
        ["phone"] = null,
    };

    // A decimal, not a double: 0.1 stays 0.1.
    private static JsonObject Amount(long minor, string currency) =>
        new() { ["amount"] = currency == "JPY" ? minor : minor / 100m, ["currency"] = currency };

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
