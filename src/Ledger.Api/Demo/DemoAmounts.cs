using Ledger.Api.Demo.Company;

namespace Ledger.Api.Demo;

/// <summary>Amounts of demo documents, in whole minor units throughout.</summary>
internal static class DemoAmounts
{
    public static long Gross(DemoScenario scenario, string currency, DemoRandom random)
    {
        var euros = scenario.ExportType switch
        {
            "invoice" or "card_invoice" or "invoice_payment" => random.Between(80, 9_000),
            "wallet_topup" or "wallet_unload" => random.Between(20, 200) * 100,
            "fee" or "cashback" => random.Between(2, 60),
            "atm_withdrawal" => random.Between(2, 20) * 10,
            _ => random.Between(4, 40) * random.Between(1, 30),
        };
        // Yen have no minor unit and are worth less than a cent of the others.
        return currency == "JPY" ? (euros * 160L) + random.Between(0, 100) : (euros * 100L) + random.Between(0, 100);
    }

    /// <summary>One or two coded lines that add up to the document's amount, each with the tax that is in it.</summary>
    public static IReadOnlyList<DemoLine> Lines(DemoScenario scenario, string currency, long gross, Supplier? supplier, DemoRandom random)
    {
        var account = AccountOf(scenario, supplier);
        var taxed = scenario.ExportType is "card_purchase" or "refund" or "out_of_pocket" or "invoice" or "card_invoice";
        var percent = !taxed ? 0 : currency switch { "EUR" => random.Pick([21, 21, 9]), "JPY" => random.Pick([10, 8]), _ => 0 };
        var first = taxed && gross > 2_000 && random.Chance(18) ? gross * random.Between(30, 70) / 100 : gross;
        var lines = new List<DemoLine> { Line(account, first, percent, random) };
        if (first < gross) lines.Add(Line(account, gross - first, percent, random));
        return lines;
    }

    /// <summary>Some card purchases were charged in the merchant's own currency.</summary>
    public static (string Currency, long Minor)? ChargedBy(DemoScenario scenario, string currency, long gross, DemoRandom random)
    {
        if (scenario.ExportType != "card_purchase" || currency != "EUR" || !random.Chance(12)) return null;
        return random.Chance(50) ? ("USD", gross * 108 / 100) : ("GBP", gross * 85 / 100);
    }

    private static DemoLine Line(Account account, long gross, int percent, DemoRandom random)
    {
        // Half up, in integers: gross = net + tax exactly, whatever the rounding of the tax.
        var tax = ((gross * percent * 2) + 100 + percent) / (2 * (100 + percent));
        return new DemoLine(random.Uuid(), account, gross - tax, tax, percent, random.Chance(35) ? random.Pick(DemoCompany.Projects) : null);
    }

    private static Account AccountOf(DemoScenario scenario, Supplier? supplier) => scenario.ExportType switch
    {
        "mileage" => DemoCompany.Mileage,
        "per_diem" => DemoCompany.PerDiem,
        "direct_reimbursement" => DemoCompany.Employees,
        "cashback" => DemoCompany.Rewards,
        "fee" => DemoCompany.Charges,
        "atm_withdrawal" => DemoCompany.Cash,
        "wallet_topup" or "wallet_unload" => DemoCompany.Cards,
        "invoice_payment" => scenario.IsSale ? DemoCompany.Receivables : DemoCompany.Payables,
        "invoice" when scenario.IsSale => DemoCompany.Sales,
        _ => supplier!.Account,
    };
}
