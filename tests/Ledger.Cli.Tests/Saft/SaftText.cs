namespace Ledger.Cli.Tests.Saft;

/// <summary>Small SAF-T files, whole but for what a test puts into them.</summary>
internal static class SaftText
{
    public static string File(
        string journals, string currency = "NOK", string totals = "", string space = "urn:StandardAuditFile-Taxation-Financial:NO", string master = "") => $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <AuditFile xmlns="{space}">
          <Header>
            <Company><RegistrationNumber>999</RegistrationNumber><Name>Test AS</Name></Company>
            <DefaultCurrencyCode>{currency}</DefaultCurrencyCode>
          </Header>
          <MasterFiles>{master}</MasterFiles>
          <GeneralLedgerEntries>{totals}{journals}</GeneralLedgerEntries>
        </AuditFile>
        """;

    public static string Journal(string id, params string[] transactions) =>
        $"<Journal><JournalID>{id}</JournalID><Description>Journal {id}</Description><Type>GL</Type>{string.Concat(transactions)}</Journal>";

    public static string Transaction(string id, params string[] lines) =>
        $"<Transaction><TransactionID>{id}</TransactionID><Period>1</Period><PeriodYear>2024</PeriodYear><TransactionDate>2024-01-31</TransactionDate>"
        + $"<Description>Voucher {id}</Description><SystemEntryDate>2024-02-01</SystemEntryDate><GLPostingDate>2024-01-31</GLPostingDate>{string.Concat(lines)}</Transaction>";

    public static string Debit(string amount, string more = "") =>
        $"<Line><RecordID>1</RecordID><AccountID>4000</AccountID>{more}<DebitAmount><Amount>{amount}</Amount></DebitAmount></Line>";

    public static string Credit(string amount, string more = "") =>
        $"<Line><RecordID>2</RecordID><AccountID>2400</AccountID>{more}<CreditAmount><Amount>{amount}</Amount></CreditAmount></Line>";
}
