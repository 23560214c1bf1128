namespace Ledger.Cli.Saft;

/// <summary>What the file says about itself.</summary>
internal sealed record SaftHeader(string RegistrationNumber, string CompanyName, string Currency, int Exponent);

/// <summary>The totals the file states for its journals, to be compared with what was read. Text as written; null: not stated.</summary>
internal sealed record SaftControlTotals(string? NumberOfEntries, string? TotalDebit, string? TotalCredit);

internal sealed record SaftJournal(string Id, string? Name, string? Type);

/// <summary>One <c>Transaction</c> of a journal, with all its lines.</summary>
/// <param name="FileLine">Where it starts in the file, for messages.</param>
internal sealed record SaftTransaction(SaftJournal Journal, string Id, int FileLine)
{
    public string? Period { get; set; }
    public string? PeriodYear { get; set; }
    public string? Type { get; set; }
    public string? Description { get; set; }
    public string? CustomerId { get; set; }
    public string? SupplierId { get; set; }
    public DateOnly? TransactionDate { get; set; }
    public DateOnly? PostingDate { get; set; }
    public DateOnly? SystemEntryDate { get; set; }
    public DateOnly? ModificationDate { get; set; }
    public List<SaftLine> Lines { get; } = [];
}

internal enum SaftSide
{
    Debit,
    Credit,
}

/// <summary>One posting. A file line that carries both a debit and a credit amount becomes two of these.</summary>
/// <param name="AmountMinor">In minor units of the file's currency; signed, because reversals are written as negative debits too.</param>
internal sealed record SaftPosting(SaftSide Side, long AmountMinor, SaftForeignAmount? Foreign);

/// <summary>The amount in the currency of the voucher, as written in the file.</summary>
internal sealed record SaftForeignAmount(string Currency, string Amount, string? Rate);

internal sealed record SaftAnalysis(string Type, string Id);

internal sealed record SaftTax(string? Type, string? Code, string? Percentage);

internal sealed record SaftLine(int FileLine)
{
    public string? Id { get; set; }
    public string? AccountId { get; set; }
    public string? Description { get; set; }
    public string? CustomerId { get; set; }
    public string? SupplierId { get; set; }
    public string? SourceDocumentId { get; set; }
    public string? ReferenceNumber { get; set; }
    public DateOnly? ValueDate { get; set; }
    public List<SaftAnalysis> Analyses { get; } = [];
    public List<SaftTax> Taxes { get; } = [];
    public List<SaftPosting> Postings { get; } = [];
}
