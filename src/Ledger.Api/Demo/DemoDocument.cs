using Ledger.Api.Demo.Company;

namespace Ledger.Api.Demo;

/// <summary>A coded line of a document: an expense (or sales) account with its share, tax apart.</summary>
internal sealed record DemoLine(Guid Id, Account Account, long NetMinor, long TaxMinor, int TaxPercent, Project? Project)
{
    public long GrossMinor => NetMinor + TaxMinor;
}

/// <summary>One bookkeeping document of the demo company, from which the record and its facets are written.</summary>
/// <param name="GrossMinor">Positive; <see cref="DemoScenario.Reversed"/> says that it flows back.</param>
/// <param name="Offset">The account on the other side: cards, payables, bank …</param>
/// <param name="SupplierAmount">What the merchant charged in its own currency; null when that is the record's.</param>
internal sealed record DemoDocument(
    string Id, DemoScenario Scenario, string Stage, string Currency, long GrossMinor, IReadOnlyList<DemoLine> Lines, Account Offset,
    Supplier? Supplier, Customer? Customer, Person? Person, string Text, DateTimeOffset PostedAt, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    (string Currency, long Minor)? SupplierAmount, string Voucher, Guid SourceId, Guid OffsetLineId, Guid TaxLineId, string? FileType, int FileSize)
{
    /// <summary>Signed as the ledger keeps it: what flows back is negative.</summary>
    public long AmountMinor => Scenario.Reversed ? -GrossMinor : GrossMinor;

    public long TaxMinor => Lines.Sum(line => line.TaxMinor);

    public Account TaxAccount => Scenario.IsSale ? DemoCompany.OutputTax : DemoCompany.InputTax;

    /// <summary>The side of the coded lines.</summary>
    public string CodedSide => Scenario.IsSale == Scenario.Reversed ? "debit" : "credit";

    public string OffsetSide => CodedSide == "debit" ? "credit" : "debit";
}
