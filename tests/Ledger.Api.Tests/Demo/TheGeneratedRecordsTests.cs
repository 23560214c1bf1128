using System.Text.Json.Nodes;
using Ledger.Api.Demo;

namespace Ledger.Api.Tests.Demo;

public sealed class TheGeneratedRecordsTests
{
    private static readonly IReadOnlyList<DemoRecord> Records = DemoRecords.Generate();

    [Fact]
    public void Are_the_same_at_every_call() =>
        DemoRecords.Generate().Select(record => record.Json.ToJsonString()).ShouldBe(Records.Select(record => record.Json.ToJsonString()));

    [Fact]
    public void Are_about_two_thousand_over_three_currencies_all_kinds_source_types_and_stages()
    {
        Records.Count.ShouldBe(2000);
        Distinct(record => record.Currency).ShouldBe(["EUR", "JPY", "USD"]);
        Distinct(record => record.Kind).ShouldBe(["accounting_entry", "accounting_record", "expense"]);
        Distinct(record => record.SourceType).ShouldBe(["bill", "card", "invoice", "other", "reimbursement"]);
        Distinct(record => record.Stage).ShouldBe(["prepare", "ready", "review"]);
        Records.Count(record => record.Stage == "ready").ShouldBeGreaterThan(1700);
    }

    [Fact]
    public void Have_ids_of_the_shapes_the_apis_use()
    {
        Records.Select(record => record.Id).Distinct().Count().ShouldBe(Records.Count);
        Records.ShouldAllBe(record => record.Id.Length >= 1 && record.Id.Length <= 128);
        Records.Where(record => record.Kind == "accounting_entry").ShouldAllBe(record => record.Id.All(char.IsAsciiDigit));
        Records.Where(record => record.Kind == "accounting_record").ShouldAllBe(record => record.Id.StartsWith("accr_"));
        Records.Where(record => record.SourceType == "card" && record.Kind == "expense").Select(record => Guid.ParseExact(record.Id, "D")).ShouldAllBe(id => id.Version == 4);
    }

    [Fact]
    public void Balance_with_positive_lines_whatever_the_direction()
    {
        foreach (var record in Records)
        {
            var lines = record.Json["lines"]!.AsArray();
            lines.Count.ShouldBeInRange(2, 1000);
            lines.All(line => Value(line!["amount"]) >= 0 && (string?)line["amount"]!["currency"] == record.Currency).ShouldBeTrue(record.Id);
            var amount = Math.Abs(Value(record.Json["amount"]));
            amount.ShouldBeGreaterThan(0);
            Sum(lines, "debit").ShouldBe(amount, record.Id);
            Sum(lines, "credit").ShouldBe(amount, record.Id);
        }

        Records.Count(record => Value(record.Json["amount"]) < 0).ShouldBeGreaterThan(50);
    }

    [Fact]
    public void Carry_what_each_api_shows()
    {
        foreach (var record in Records)
            record.Json["facets"]!.AsObject().Select(facet => facet.Key).ShouldBe(["accounting_entries", "accounting_records", "export_jobs", "accounting_exports"]);
        Records.Select(record => (string)record.Json["facets"]!["export_jobs"]!["type"]!).Distinct().ShouldBeSubsetOf(ExportTypes);
        Records.Select(record => (string)record.Json["facets"]!["export_jobs"]!["type"]!).Distinct().Count().ShouldBe(ExportTypes.Length);
        Records.Select(record => (string)record.Json["facets"]!["accounting_records"]!["type"]!).Distinct().ShouldBeSubsetOf(RecordTypes);
        Records.Count(record => record.Json["files"] is JsonArray).ShouldBeGreaterThan(800);
        Records.Count(record => record.Json["user"] is JsonObject).ShouldBeGreaterThan(900);
        Records.Count(record => record.Json["counterparty"] is JsonObject).ShouldBeGreaterThan(1500);
    }

    [Fact]
    public void Say_the_same_in_every_api()
    {
        foreach (var record in Records)
        {
            var (exponent, minor) = (record.Currency == "JPY" ? 1 : 100, Value(record.Json["amount"]));
            var export = record.Json["facets"]!["export_jobs"]!;
            var lines = export["accountingEntryLines"]!.AsArray();
            var inHundredths = minor * (100 / exponent);
            Value(export["amount"]!["inWalletCurrency"]).ShouldBe(inHundredths, record.Id);
            lines.Sum(line => Value(line!["lineAmount"]!["inWalletCurrency"])).ShouldBe(inHundredths, record.Id);
            lines.All(line => Value(line!["lineAmount"]!["inWalletCurrency"]) == Value(line["netAmount"]!["inWalletCurrency"]) + Tax(line)).ShouldBeTrue(record.Id);

            var items = record.Json["facets"]!["accounting_records"]!["line_items"]!.AsArray();
            items.Select(item => (string)item!["id"]!).ShouldBe(record.Json["lines"]!.AsArray().Select(line => (string)line!["id"]!));
            items.Where(item => (string)item!["type"]! == "DEBIT").Sum(item => item!["amount"]!["amount"]!.GetValue<decimal>() * exponent).ShouldBe(Math.Abs(minor), record.Id);
        }
    }

    private static long Tax(JsonNode line) => line["tax"] is { } tax ? Value(tax["amount"]!["inWalletCurrency"]) : 0;

    private static long Value(JsonNode? money) => money!["value"]!.GetValue<long>();

    private static long Sum(JsonArray lines, string side) => lines.Where(line => (string)line!["side"]! == side).Sum(line => Value(line!["amount"]));

    private static IEnumerable<string> Distinct(Func<DemoRecord, string> member) => Records.Select(member).Distinct().Order(StringComparer.Ordinal);

    private static readonly string[] ExportTypes =
    [
        "card_purchase", "card_invoice", "out_of_pocket", "mileage", "per_diem", "external_reimbursement", "direct_reimbursement", "invoice", "invoice_payment",
        "chargeback", "refund", "cashback", "atm_withdrawal", "wallet_topup", "wallet_unload", "personal_spend", "fee",
    ];

    private static readonly string[] RecordTypes =
    [
        "CARD_EXPENSE_POST", "CARD_EXPENSE_REFUND", "CARD_EXPENSE_REPAYMENT", "CARD_PAYMENT", "CARD_PAYMENT_REFUND", "REWARD_REDEMPTION",
        "REIMBURSEMENT_EXPENSE_APPROVAL", "REIMBURSEMENT_EXPENSE_POST", "REIMBURSEMENT_EXPENSE_MONEY_MOVEMENT_PAYOUT",
        "BILL_EXPENSE", "BILL_EXPENSE_PAYMENT", "BILL_EXPENSE_CARD_PAYMENT", "INVOICE", "INVOICE_PAYMENT",
    ];
}
