using System.Globalization;
using Ledger.Cli.Money;
using Ledger.Cli.Saft;

namespace Ledger.Cli.Import;

/// <summary>What was counted while reading a SAF-T file, next to what the file says about itself.</summary>
internal sealed class SaftTotals
{
    public static readonly SaftTotals None = new();

    public SaftHeader Header { get; private set; } = new("", "", "XXX", 2);
    public SaftControlTotals Stated { get; private set; } = new(null, null, null);
    public long Transactions { get; private set; }
    public long Lines { get; private set; }
    public long Unbalanced { get; private set; }
    public int RepeatedIds { get; private set; }

    // Int128: a file may sum past what a single amount can hold.
    public Int128 DebitMinor { get; private set; }
    public Int128 CreditMinor { get; private set; }

    public void Add(SaftTransaction transaction)
    {
        Int128 debit = 0, credit = 0;
        foreach (var posting in transaction.Lines.SelectMany(line => line.Postings))
        {
            if (posting.Side == SaftSide.Debit) debit += posting.AmountMinor;
            else credit += posting.AmountMinor;
        }

        Transactions++;
        Lines += transaction.Lines.Count;
        DebitMinor += debit;
        CreditMinor += credit;
        if (debit != credit) Unbalanced++;
    }

    public void Complete(SaftHeader header, SaftControlTotals stated, int repeatedIds) =>
        (Header, Stated, RepeatedIds) = (header, stated, repeatedIds);

    /// <summary>One row per total the file may state. Agrees is null when it states none.</summary>
    /// <param name="grouped">Amounts for the eye (9,487,049.35) or for a program (9487049.35).</param>
    public IEnumerable<(string Name, string Found, string? Stated, bool? Agrees)> Comparison(bool grouped)
    {
        var transactions = Transactions.ToString(CultureInfo.InvariantCulture);
        yield return ("records", transactions, Stated.NumberOfEntries,
            Stated.NumberOfEntries is null ? null : long.TryParse(Stated.NumberOfEntries, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number == Transactions);
        yield return Amount("debit", DebitMinor, Stated.TotalDebit, grouped);
        yield return Amount("credit", CreditMinor, Stated.TotalCredit, grouped);
    }

    public bool Agree => Comparison(grouped: false).All(row => row.Agrees != false);

    private (string Name, string Found, string? Stated, bool? Agrees) Amount(string name, Int128 found, string? stated, bool grouped)
    {
        var text = MinorUnits.Format(found, Header.Exponent, grouped);
        if (stated is null) return (name, text, null, null);
        return MinorUnits.TryParse(stated, Header.Exponent, out var minor)
            ? (name, text, MinorUnits.Format(minor, Header.Exponent, grouped), minor == found)
            : (name, text, stated, false);
    }
}
