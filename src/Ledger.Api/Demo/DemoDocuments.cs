using System.Globalization;
using Ledger.Api.Demo.Company;

namespace Ledger.Api.Demo;

/// <summary>Draws the documents of half a year, the same ones every time.</summary>
internal static class DemoDocuments
{
    private static readonly DateTimeOffset FirstDay = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    private const int Days = 175;

    /// <returns>About 2,000 documents in the order in which they were created.</returns>
    public static IReadOnlyList<DemoDocument> Draw()
    {
        var random = new DemoRandom(20260105);
        var documents = DemoScenario.All.SelectMany(scenario => Enumerable.Range(0, scenario.Count).Select(_ => Document(scenario, random)));
        var number = 10_000;
        // Numbers rise with time, as a real entry journal's do; the other ids are opaque.
        return [.. documents.OrderBy(document => document.CreatedAt).ThenBy(document => document.SourceId)
            .Select(document => document with { Id = IdOf(document, ++number), Voucher = $"{document.PostedAt.Year}-{number - 10_000:0000}" })];
    }

    // Each kind is named the way the platforms that have it do: numbers, prefixed strings, UUIDs.
    private static string IdOf(DemoDocument document, int number) => document.Scenario switch
    {
        { Kind: "accounting_entry" } => number.ToString(CultureInfo.InvariantCulture),
        { Kind: "accounting_record" } => $"accr_{document.SourceId:N}"[..21],
        { SourceType: "reimbursement" } => $"exp_{document.SourceId:N}"[..20],
        _ => document.SourceId.ToString("D"),
    };

    private static DemoDocument Document(DemoScenario scenario, DemoRandom random)
    {
        var supplier = scenario.Party switch
        {
            DemoParty.Merchant => random.Pick(DemoCompany.Merchants),
            DemoParty.Vendor => random.Pick(DemoCompany.Vendors),
            _ => null,
        };
        var customer = scenario.Party == DemoParty.Customer ? random.Pick(DemoCompany.Customers) : null;
        var person = scenario.Party is DemoParty.Merchant or DemoParty.Person ? random.Pick(DemoCompany.People) : null;
        var currency = supplier?.Currency ?? customer?.Currency ?? (random.Chance(70) ? "EUR" : random.Chance(60) ? "USD" : "JPY");
        var gross = DemoAmounts.Gross(scenario, currency, random);
        var posted = FirstDay.AddDays(random.Between(0, Days)).AddMinutes(random.Between(7 * 60, 20 * 60)).AddMilliseconds(random.Between(0, 60_000));
        var created = posted.AddMinutes(random.Between(1, 3 * 24 * 60));
        var hasFile = scenario.ExportType is not ("mileage" or "per_diem") && scenario.Kind != "accounting_entry" && random.Chance(85);
        return new DemoDocument(
            "", scenario, StageOf(random), currency, gross, DemoAmounts.Lines(scenario, currency, gross, supplier, random), OffsetOf(scenario),
            supplier, customer, person, TextOf(scenario, supplier, customer, random), posted, created, created.AddMinutes(random.Between(0, 10 * 24 * 60)),
            DemoAmounts.ChargedBy(scenario, currency, gross, random), "", random.Uuid(), random.Uuid(), random.Uuid(),
            hasFile ? random.Pick(["application/pdf", "image/jpeg", "image/png"]) : null, random.Between(20_000, 900_000));
    }

    private static string StageOf(DemoRandom random) => random.Between(0, 100) switch { < 4 => "prepare", < 10 => "review", _ => "ready" };

    private static Account OffsetOf(DemoScenario scenario) => scenario switch
    {
        { ExportType: "invoice", Party: DemoParty.Vendor } => DemoCompany.Payables,
        { ExportType: "invoice", Party: DemoParty.Customer } => DemoCompany.Receivables,
        { ExportType: "invoice_payment" or "direct_reimbursement" or "wallet_topup" or "wallet_unload" } => DemoCompany.Bank,
        { SourceType: "reimbursement" } => DemoCompany.Employees,
        _ => DemoCompany.Cards,
    };

    private static string TextOf(DemoScenario scenario, Supplier? supplier, Customer? customer, DemoRandom random) => scenario.ExportType switch
    {
        "mileage" => $"{random.Between(12, 480)} km by car",
        "per_diem" => $"{random.Between(1, 6)} days abroad",
        "atm_withdrawal" => "Cash for the trip",
        "cashback" => "Card reward",
        "direct_reimbursement" => "Reimbursement paid out",
        "wallet_topup" => "Card balance paid",
        "wallet_unload" => "Overpayment returned",
        "fee" => random.Chance(50) ? "Card fee" : "Interest",
        "invoice_payment" => customer is null ? $"Payment to {supplier!.Name}" : $"Payment of {customer.Name}",
        "invoice" when customer is not null => $"Invoice {random.Between(20_000, 30_000)}, {customer.Name}",
        _ => random.Pick(supplier!.Texts),
    };
}
