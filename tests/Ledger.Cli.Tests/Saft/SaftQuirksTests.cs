using System.Text.Json.Nodes;
using Ledger.Cli.Import;
using static Ledger.Cli.Tests.Saft.SaftText;

namespace Ledger.Cli.Tests.Saft;

public sealed class SaftQuirksTests
{
    [Fact]
    public void The_same_transaction_id_in_two_journals_makes_two_records() =>
        Ids(File(Journal("A", Transaction("1", Debit("1"), Credit("1"))) + Journal("B", Transaction("1", Debit("1"), Credit("1")))))
            .ShouldBe(["saft:999:2024:A:1", "saft:999:2024:B:1"]);

    [Fact]
    public void A_transaction_id_repeated_in_one_journal_replaces_nothing() =>
        Ids(File(Journal("A", Transaction("1", Debit("1"), Credit("1")), Transaction("1", Debit("2"), Credit("2")), Transaction("1", Debit("3"), Credit("3")))))
            .ShouldBe(["saft:999:2024:A:1", "saft:999:2024:A:1#2", "saft:999:2024:A:1#3"]);

    [Fact]
    public void Separators_inside_ids_do_not_let_two_transactions_meet() =>
        Ids(File(Journal("A:1", Transaction("2", Debit("1"), Credit("1"))) + Journal("A", Transaction("1:2", Debit("1"), Credit("1")), Transaction("5/6#2", Debit("1"), Credit("1")))))
            .ShouldBe(["saft:999:2024:A%3A1:2", "saft:999:2024:A:1%3A2", "saft:999:2024:A:5%2F6%232"]);

    [Fact]
    public void Ids_never_exceed_128_characters_and_stay_distinct()
    {
        var ids = Ids(File(Journal(new string('J', 70), Transaction(new string('x', 70) + "1", Debit("1"), Credit("1")), Transaction(new string('x', 70) + "2", Debit("1"), Credit("1")))));
        ids.ShouldAllBe(id => id.Length <= 128);
        ids.Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public void Debit_and_credit_on_one_line_become_two_lines()
    {
        var record = Single(Transaction("1", "<Line><RecordID>7</RecordID><DebitAmount><Amount>5</Amount></DebitAmount><CreditAmount><Amount>3</Amount></CreditAmount></Line>"));
        record["lines"]!.AsArray().Select(line => ((string)line!["id"]!, (string)line["side"]!, (long)line["amount"]!["value"]!))
            .ShouldBe([("7-debit", "debit", 500L), ("7-credit", "credit", 300L)]);
    }

    [Fact]
    public void A_zero_on_the_other_side_is_not_a_line()
    {
        var record = Single(Transaction("1", "<Line><RecordID>7</RecordID><DebitAmount><Amount>0.00</Amount></DebitAmount><CreditAmount><Amount>3</Amount></CreditAmount></Line>"));
        record["lines"]!.AsArray().Single()!["side"]!.GetValue<string>().ShouldBe("credit");
    }

    [Fact]
    public void A_negative_debit_stays_a_negative_debit()
    {
        var record = Single(Transaction("1", Debit("-12.34"), Credit("-12.34")));
        record["lines"]![0]!["amount"]!["value"]!.GetValue<long>().ShouldBe(-1234);
        record["amount"]!["value"]!.GetValue<long>().ShouldBe(-1234);
    }

    [Fact]
    public void A_foreign_amount_is_kept_beside_the_amount_in_the_files_currency()
    {
        var record = Single(Transaction("1",
            "<Line><DebitAmount><Amount>1170</Amount><CurrencyCode>EUR</CurrencyCode><CurrencyAmount>100.00</CurrencyAmount><ExchangeRate>11.7</ExchangeRate></DebitAmount></Line>"));
        JsonNode.DeepEquals(record["lines"]![0], JsonNode.Parse("""
            {"side":"debit","amount":{"value":117000,"currency":"NOK"},"tags":[{"group_code":"voucher_currency","code":"EUR","name":"100.00","rate":"11.7"}]}
            """)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("JPY", "1500", 1500)]
    [InlineData("KWD", "1.234", 1234)]
    public void Amounts_follow_the_currencys_own_minor_unit(string currency, string amount, long minor) =>
        Single(Transaction("1", Debit(amount)), currency)["amount"]!["value"]!.GetValue<long>().ShouldBe(minor);

    [Theory]
    [InlineData("urn:StandardAuditFile-Taxation-Financial:NO")]
    [InlineData("urn:StandardAuditFile-Taxation-Financial:DK")]
    public void Files_of_other_countries_of_the_family_are_read(string space) =>
        Ids(File(Journal("A", Transaction("1", Debit("1"))), space: space)).Count.ShouldBe(1);

    [Fact]
    public void A_file_of_1_30_with_voucher_type_and_modification_date_is_read()
    {
        var record = Single("<Transaction><TransactionID>1</TransactionID><PeriodYear>2024</PeriodYear><TransactionDate>2024-01-31</TransactionDate>"
            + "<VoucherType>IN</VoucherType><VoucherDescription>Inngående</VoucherDescription><ModificationDate>2024-02-02</ModificationDate>"
            + "<SystemEntryDate>2024-02-01</SystemEntryDate>" + Debit("1") + "</Transaction>");
        record["updated_at"]!.GetValue<string>().ShouldBe("2024-02-02T00:00:00Z");
        record["text"]!.GetValue<string>().ShouldBe("Inngående");
        record["posted_at"]!.GetValue<string>().ShouldBe("2024-01-31");
    }

    [Fact]
    public void The_largest_posting_of_each_side_stands_for_the_transaction()
    {
        var record = Single(Transaction("1",
            "<Line><AccountID>2710</AccountID><DebitAmount><Amount>25</Amount></DebitAmount></Line>",
            "<Line><AccountID>4000</AccountID><DebitAmount><Amount>100</Amount></DebitAmount></Line>",
            "<Line><AccountID>2400</AccountID><CreditAmount><Amount>125</Amount></CreditAmount></Line>"));
        record["account"]!.GetValue<string>().ShouldBe("4000");
        record["contra_account"]!.GetValue<string>().ShouldBe("2400");
    }

    private static List<string> Ids(string file) => [.. Records(file).Select(record => record["id"]!.GetValue<string>())];

    private static JsonNode Single(string transaction, string currency = "NOK") => Records(File(Journal("A", transaction), currency)).Single();

    private static List<JsonNode> Records(string text)
    {
        using var file = new TemporaryFile(text);
        return [.. new SaftSource(file.Name).Records().Select(record => JsonNode.Parse(record.Span)!)];
    }
}
