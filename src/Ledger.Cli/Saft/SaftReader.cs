using System.Xml;
using Ledger.Cli.Terminal;

namespace Ledger.Cli.Saft;

/// <summary>
/// Reads a SAF-T Financial audit file (Norwegian 1.10 and 1.30, and the other countries' files of that family) from
/// start to end, one transaction at a time.
/// </summary>
/// <remarks>
/// Elements are matched by local name: the namespace differs by country and its prefix by exporter. <see cref="Header"/>
/// and <see cref="Names"/> are complete before the first transaction, <see cref="ControlTotals"/> after the last.
/// </remarks>
internal sealed class SaftReader(Stream stream) : IDisposable
{
    private const string NamespaceStart = "urn:StandardAuditFile-Taxation-Financial:";
    private readonly SaftXml xml = new(stream);

    public SaftHeader? Header { get; private set; }
    public SaftNames Names { get; } = new();
    public SaftControlTotals ControlTotals { get; private set; } = new(null, null, null);

    /// <exception cref="XmlException">The file is not well-formed, or ends too early.</exception>
    /// <exception cref="CommandFailure">It is XML, but not what a SAF-T Financial file holds.</exception>
    public IEnumerable<SaftTransaction> Transactions()
    {
        var (root, rootNamespace) = xml.Root();
        if (root != "AuditFile") throw CommandFailure.BadInput($"it is not a SAF-T file: its root element is <{Printable.Line(root)}>");
        if (!rootNamespace.StartsWith(NamespaceStart, StringComparison.OrdinalIgnoreCase))
            throw CommandFailure.BadInput($"it is not a SAF-T Financial file: its namespace is '{Printable.Line(rootNamespace)}', not {NamespaceStart}…");
        foreach (var section in xml.Children())
        {
            if (section == "Header") Header = SaftHeaderReader.Read(xml);
            else if (section == "MasterFiles") Names.Read(xml);
            else if (section == "GeneralLedgerEntries") foreach (var transaction in Entries()) yield return transaction;
        }

        xml.ToTheEnd();
        if (Header is null) throw CommandFailure.BadInput("it has no Header");
    }

    private IEnumerable<SaftTransaction> Entries()
    {
        var header = Header ?? throw CommandFailure.BadInput("its journals come before its Header");
        foreach (var member in xml.Children())
        {
            switch (member)
            {
                case "NumberOfEntries": ControlTotals = ControlTotals with { NumberOfEntries = xml.Text() }; break;
                case "TotalDebit": ControlTotals = ControlTotals with { TotalDebit = xml.Text() }; break;
                case "TotalCredit": ControlTotals = ControlTotals with { TotalCredit = xml.Text() }; break;
                case "Journal":
                    foreach (var transaction in Journal(header)) yield return transaction;
                    break;
            }
        }
    }

    private IEnumerable<SaftTransaction> Journal(SaftHeader header)
    {
        var journal = new SaftJournal("", null, null);
        foreach (var member in xml.Children())
        {
            switch (member)
            {
                case "JournalID": journal = journal with { Id = xml.Text() }; break;
                case "Description": journal = journal with { Name = xml.Text() }; break;
                case "Type": journal = journal with { Type = xml.Text() }; break;
                case "Transaction": yield return new SaftTransactionReader(xml, header).Read(journal); break;
            }
        }
    }

    public void Dispose() => xml.Dispose();
}
