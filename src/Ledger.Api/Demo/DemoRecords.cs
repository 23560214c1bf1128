using System.Globalization;
using System.Text.Json.Nodes;
using Ledger.Api.Demo.Company;
using Ledger.Api.Demo.Facets;

namespace Ledger.Api.Demo;

/// <summary>One demo record, in the form in which a platform would send it to <c>POST /ledger/v1/records</c>.</summary>
internal sealed record DemoRecord(string Id, string Kind, string SourceType, string Stage, string Currency, JsonObject Json);

/// <summary>About 2,000 records of an invented company: half a year, three currencies, every kind and source type. The same ones at every call.</summary>
internal static class DemoRecords
{
    public static IReadOnlyList<DemoRecord> Generate() => [.. DemoDocuments.Draw().Select(document => new DemoRecord(
        document.Id, document.Scenario.Kind, document.Scenario.SourceType, document.Stage, document.Currency, Json(document)))];

    private static JsonObject Json(DemoDocument document)
    {
        var codedIsDebit = document.CodedSide == "debit";
        var json = new JsonObject
        {
            ["id"] = document.Id,
            ["kind"] = document.Scenario.Kind,
            ["source_type"] = document.Scenario.SourceType,
            ["stage"] = document.Stage,
            ["amount"] = Money(document.AmountMinor, document.Currency),
            ["posted_at"] = Time(document.PostedAt),
            ["created_at"] = Time(document.CreatedAt),
            ["updated_at"] = Time(document.UpdatedAt),
            ["text"] = document.Text,
            ["account"] = codedIsDebit ? document.Lines[0].Account.Code : document.Offset.Code,
            ["contra_account"] = codedIsDebit ? document.Offset.Code : document.Lines[0].Account.Code,
            ["lines"] = new JsonArray([.. Lines(document)]),
        };
        if (document.Supplier is { } supplier) json["counterparty"] = Party(supplier.Id, supplier.Name, "supplier", supplier.Code, supplier.Country);
        if (document.Customer is { } customer) json["counterparty"] = Party(customer.Id, customer.Name, "customer", customer.Code, customer.Country);
        if (document.Person is { } person)
            json["user"] = new JsonObject { ["id"] = person.Id.ToString(), ["name"] = person.Name, ["code"] = person.Code, ["email"] = person.Email };
        if (document.FileType is { } type)
            json["files"] = new JsonArray(new JsonObject { ["url"] = $"https://files.demo.example/{document.SourceId:N}", ["type"] = type, ["size"] = document.FileSize });
        json["facets"] = new JsonObject
        {
            ["accounting_entries"] = new JsonObject { ["voucher"] = document.Voucher, ["department"] = document.Person?.Team.Code },
            ["accounting_records"] = AccountingRecordFacet.Of(document),
            ["export_jobs"] = ExportItemFacet.Of(document),
            ["accounting_exports"] = new JsonObject { ["voucher"] = document.Voucher },
        };
        return json;
    }

    /// <summary>The coded lines without tax, the tax in one line, and the other side.</summary>
    private static IEnumerable<JsonObject> Lines(DemoDocument document)
    {
        foreach (var line in document.Lines)
        {
            var tags = new JsonArray();
            if (line.Project is { } project) tags.Add(new JsonObject { ["group_code"] = "PROJECT", ["code"] = project.Code, ["name"] = project.Name });
            if (document.Person is { } person) tags.Add(new JsonObject { ["group_code"] = "TEAM", ["code"] = person.Team.Code, ["name"] = person.Team.Name });
            yield return Line(line.Id, document.CodedSide, line.NetMinor, document.Currency, line.Account, document.Text, tags);
        }

        if (document.TaxMinor > 0)
            yield return Line(document.TaxLineId, document.CodedSide, document.TaxMinor, document.Currency, document.TaxAccount, "VAT", []);
        yield return Line(document.OffsetLineId, document.OffsetSide, document.GrossMinor, document.Currency, document.Offset, null, []);
    }

    private static JsonObject Line(Guid id, string side, long minor, string currency, Account account, string? text, JsonArray tags) => new()
    {
        ["id"] = id.ToString(),
        ["side"] = side,
        ["amount"] = Money(minor, currency),
        ["account"] = account.Code,
        ["text"] = text,
        ["tags"] = tags,
    };

    private static JsonObject Party(Guid id, string name, string type, string code, string country) =>
        new() { ["id"] = id.ToString(), ["name"] = name, ["type"] = type, ["code"] = code, ["country"] = country };

    private static JsonObject Money(long minor, string currency) => new() { ["value"] = minor, ["currency"] = currency };

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
