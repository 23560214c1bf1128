using System.Text.Json.Nodes;
using Ledger.Api.Demo.Company;

namespace Ledger.Api.Demo.Facets;

/// <summary>What only the export-jobs API shows of a document, in its own names.</summary>
internal static class ExportItemFacet
{
    /// <summary>Types that move a balance of the wallet name the account that stands against it.</summary>
    private static readonly HashSet<string> WithContraAccount =
    [
        "card_purchase", "fee", "cashback", "refund", "chargeback", "direct_reimbursement", "invoice_payment", "card_invoice",
        "atm_withdrawal", "personal_spend", "wallet_topup", "wallet_unload",
    ];

    public static JsonObject Of(DemoDocument document)
    {
        var type = document.Scenario.ExportType;
        var isInterest = type == "fee" && document.Text == "Interest";
        return new JsonObject
        {
            ["type"] = type,
            ["subType"] = isInterest ? "interest" : document.Scenario.ExportSubType,
            ["amount"] = Amounts(document, document.AmountMinor),
            ["supplier"] = document.Supplier is { } supplier ? SupplierOf(supplier) : null,
            ["vendor"] = document is { Scenario.Party: DemoParty.Vendor, Supplier: { } vendor } ? VendorOf(vendor) : null,
            ["bookkeeping"] = document.Scenario.Party == DemoParty.Vendor ? new JsonObject { ["method"] = "accounts_payable" } : null,
            ["user"] = document.Person is { } user ? new JsonObject { ["id"] = user.Id.ToString(), ["name"] = user.Name, ["code"] = user.Code } : null,
            ["team"] = document.Person is { } member ? new JsonObject { ["id"] = member.Team.Id.ToString(), ["name"] = member.Team.Name, ["code"] = member.Team.Code } : null,
            ["contraAccount"] = WithContraAccount.Contains(type) ? AccountOf(document.Offset) : null,
            ["servicePeriod"] = null,
            ["accountingEntryLines"] = new JsonArray([.. document.Lines.Select(line => Line(document, line))]),
            ["additionalInformation"] = Additional(document),
            ["_links"] = new JsonObject
            {
                ["web"] = new JsonObject { ["exportItem"] = $"https://app.demo.example/e/{document.SourceId:N}" },
                ["mobile"] = new JsonObject(),
                ["api"] = new JsonObject(),
            },
        };
    }

    private static JsonObject Line(DemoDocument document, DemoLine line)
    {
        var sign = document.Scenario.Reversed ? -1 : 1;
        return new JsonObject
        {
            ["accountingEntryLineId"] = line.Id.ToString(),
            ["lineAmount"] = Amounts(document, sign * line.GrossMinor),
            ["netAmount"] = Amounts(document, sign * line.NetMinor),
            ["account"] = AccountOf(line.Account),
            ["tags"] = line.Project is { } project
                ? new JsonArray(new JsonObject { ["id"] = project.Id.ToString(), ["code"] = project.Code, ["groupCode"] = "PROJECT" })
                : new JsonArray(),
            ["tax"] = line.TaxMinor == 0 ? null : Tax(document, line, sign),
        };
    }

    private static JsonObject Tax(DemoDocument document, DemoLine line, int sign) => new()
    {
        ["id"] = new DemoRandom((ulong)line.TaxPercent).Uuid().ToString(),
        ["code"] = $"V{line.TaxPercent}",
        ["rate"] = line.TaxPercent / 100m,
        ["type"] = "exclusive",
        ["amount"] = Amounts(document, sign * line.TaxMinor),
        ["ingoingTaxAccount"] = DemoCompany.InputTax.Code,
        ["outgoingTaxAccount"] = DemoCompany.OutputTax.Code,
    };

    private static JsonObject Additional(DemoDocument document) => new()
    {
        ["reconciliationId"] = $"DEMO-{document.SourceId:N}"[..15],
        ["attendees"] = null,
        ["invoiceInformation"] = document.Scenario is { ExportType: "invoice", Party: DemoParty.Vendor }
            ? new JsonObject { ["invoiceDate"] = $"{document.PostedAt:yyyy-MM-dd}", ["invoiceNumber"] = document.Voucher, ["status"] = "ready", ["dueDate"] = $"{document.PostedAt.AddDays(30):yyyy-MM-dd}" }
            : null,
        ["reconciledEntries"] = null,
    };

    // What the merchant charged is split in proportion, rounded towards zero.
    private static JsonObject Amounts(DemoDocument document, long minor) => new()
    {
        ["inSupplierCurrency"] = document.SupplierAmount is { } charged ? Money(minor * charged.Minor / document.GrossMinor, charged.Currency) : Money(minor, document.Currency),
        ["inWalletCurrency"] = Money(minor, document.Currency),
    };

    // This API counts in hundredths whatever the currency; yen have no minor unit.
    private static JsonObject Money(long minor, string currency) => new() { ["currency"] = currency, ["value"] = currency == "JPY" ? minor * 100 : minor };

    private static JsonObject AccountOf(Account account) =>
        new() { ["id"] = account.Id.ToString(), ["name"] = account.Name, ["code"] = account.Code, ["identifier"] = null };

    private static JsonObject SupplierOf(Supplier supplier) => new()
    {
        ["name"] = supplier.Name,
        ["code"] = supplier.Code,
        ["account"] = supplier.Account.Code,
        ["categoryCode"] = supplier.Category.Length == 0 ? null : supplier.Category,
        ["country"] = supplier.Country,
        ["taxIdentifier"] = null,
    };

    private static JsonObject VendorOf(Supplier vendor) => new()
    {
        ["id"] = vendor.Id.ToString(),
        ["name"] = vendor.Name,
        ["code"] = vendor.Code,
        ["externalId"] = vendor.Code,
        ["country"] = vendor.Country,
        ["defaultCurrency"] = vendor.Currency,
    };
}
