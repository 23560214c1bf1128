using System.Globalization;
using Ledger.Cli.Money;
using Ledger.Cli.Terminal;

namespace Ledger.Cli.Saft;

/// <summary>Reads one <c>Transaction</c> element. Amounts are converted exactly or refused with their place in the file.</summary>
internal sealed class SaftTransactionReader(SaftXml xml, SaftHeader header)
{
    public SaftTransaction Read(SaftJournal journal)
    {
        var transaction = new SaftTransaction(journal, "", xml.Line);
        foreach (var member in xml.Children())
        {
            switch (member)
            {
                case "TransactionID": transaction = transaction with { Id = xml.Text() }; break;
                case "Period": transaction.Period = xml.Text(); break;
                case "PeriodYear": transaction.PeriodYear = xml.Text(); break;
                case "TransactionType" or "VoucherType": transaction.Type ??= xml.Text(); break;
                case "Description" or "VoucherDescription": transaction.Description ??= xml.Text(); break;
                case "TransactionDate": transaction.TransactionDate = Date(member); break;
                case "GLPostingDate" or "PostingDate": transaction.PostingDate = Date(member); break;
                case "SystemEntryDate": transaction.SystemEntryDate = Date(member); break;
                case "ModificationDate": transaction.ModificationDate = Date(member); break;
                case "CustomerID": transaction.CustomerId = xml.Text(); break;
                case "SupplierID": transaction.SupplierId = xml.Text(); break;
                case "Line": transaction.Lines.Add(Line()); break;
            }
        }

        if (transaction.Id.Length == 0) throw At(transaction.FileLine, "a Transaction has no TransactionID");
        return transaction;
    }

    private SaftLine Line()
    {
        var line = new SaftLine(xml.Line);
        foreach (var member in xml.Children())
        {
            switch (member)
            {
                case "RecordID": line.Id = xml.Text(); break;
                case "AccountID": line.AccountId = xml.Text(); break;
                case "Description": line.Description = xml.Text(); break;
                case "CustomerID": line.CustomerId = xml.Text(); break;
                case "SupplierID": line.SupplierId = xml.Text(); break;
                case "SourceDocumentID": line.SourceDocumentId = xml.Text(); break;
                case "ReferenceNumber": line.ReferenceNumber = xml.Text(); break;
                case "ValueDate": line.ValueDate = Date(member); break;
                case "Analysis": ReadAnalysis(line); break;
                case "TaxInformation": ReadTax(line); break;
                case "DebitAmount": line.Postings.Add(Posting(SaftSide.Debit)); break;
                case "CreditAmount": line.Postings.Add(Posting(SaftSide.Credit)); break;
            }
        }

        // Exporters that always write both sides leave the unused one at zero: that is not a second posting.
        if (line.Postings.Count > 1 && line.Postings.RemoveAll(posting => posting.AmountMinor == 0) > 0 && line.Postings.Count == 0)
            line.Postings.Add(new SaftPosting(SaftSide.Debit, 0, null));
        if (line.Postings.Count == 0) throw At(line.FileLine, "a Line has neither DebitAmount nor CreditAmount");
        return line;
    }

    private SaftPosting Posting(SaftSide side)
    {
        var fileLine = xml.Line;
        string? amount = null, currency = null, foreign = null, rate = null;
        foreach (var member in xml.Children())
        {
            switch (member)
            {
                case "Amount": amount = xml.Text(); break;
                case "CurrencyCode": currency = xml.Text(); break;
                case "CurrencyAmount": foreign = xml.Text(); break;
                case "ExchangeRate": rate = xml.Text(); break;
            }
        }

        if (!MinorUnits.TryParse(amount, header.Exponent, out var minor))
            throw At(fileLine, $"'{Printable.Line(amount)}' is not an amount in {header.Currency} (at most {header.Exponent} decimals, a point between)");
        var voucher = currency is not null && foreign is not null && currency != header.Currency
            ? new SaftForeignAmount(currency, foreign, rate)
            : null;
        return new SaftPosting(side, minor, voucher);
    }

    private void ReadAnalysis(SaftLine line)
    {
        string? type = null, id = null;
        foreach (var member in xml.Children())
        {
            if (member == "AnalysisType") type = xml.Text();
            if (member == "AnalysisID") id = xml.Text();
        }

        if (type is not null && id is not null) line.Analyses.Add(new SaftAnalysis(type, id));
    }

    private void ReadTax(SaftLine line)
    {
        string? type = null, code = null, percentage = null;
        foreach (var member in xml.Children())
        {
            if (member == "TaxType") type = xml.Text();
            if (member == "TaxCode") code = xml.Text();
            if (member == "TaxPercentage") percentage = xml.Text();
        }

        line.Taxes.Add(new SaftTax(type, code, percentage));
    }

    /// <summary>An <c>xs:date</c>, with or without the zone XML allows behind it; also the date of an <c>xs:dateTime</c>.</summary>
    private DateOnly Date(string member)
    {
        var fileLine = xml.Line;
        var text = xml.Text();
        return text.Length >= 10 && (text.Length == 10 || text[10] is 'Z' or '+' or '-' or 'T')
            && DateOnly.TryParseExact(text.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : throw At(fileLine, $"{member} '{Printable.Line(text)}' is not a date");
    }

    private static CommandFailure At(int fileLine, string what) => CommandFailure.BadInput($"line {fileLine}: {what}");
}
