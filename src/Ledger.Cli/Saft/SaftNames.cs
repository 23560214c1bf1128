namespace Ledger.Cli.Saft;

internal sealed record SaftParty(string Id, string Name, string? RegistrationNumber);

/// <summary>The master files: what stands behind the ids used in the journals. The only part of a file kept in memory.</summary>
internal sealed class SaftNames
{
    public Dictionary<string, string> Accounts { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, SaftParty> Customers { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, SaftParty> Suppliers { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, string> TaxCodes { get; } = new(StringComparer.Ordinal);
    public Dictionary<SaftAnalysis, (string? Type, string? Name)> Analyses { get; } = [];

    public void Read(SaftXml xml)
    {
        foreach (var table in xml.Children())
        {
            switch (table)
            {
                case "GeneralLedgerAccounts": ReadAccounts(xml); break;
                case "Customers": ReadParties(xml, "CustomerID", Customers); break;
                case "Suppliers": ReadParties(xml, "SupplierID", Suppliers); break;
                case "TaxTable": ReadTaxCodes(xml); break;
                case "AnalysisTypeTable": ReadAnalyses(xml); break;
            }
        }
    }

    private void ReadAccounts(SaftXml xml)
    {
        foreach (var _ in xml.Children())
        {
            string? id = null, name = null;
            foreach (var member in xml.Children())
            {
                if (member == "AccountID") id = xml.Text();
                if (member == "AccountDescription") name = xml.Text();
            }

            if (id is not null && name is not null) Accounts[id] = name;
        }
    }

    private static void ReadParties(SaftXml xml, string idElement, Dictionary<string, SaftParty> parties)
    {
        foreach (var _ in xml.Children())
        {
            string? id = null, name = null, registration = null;
            foreach (var member in xml.Children())
            {
                if (member == idElement) id = xml.Text();
                else if (member == "Name") name = xml.Text();
                else if (member == "RegistrationNumber") registration = xml.Text();
                else if (member == "CompanyStructure") ReadCompany(xml, ref name, ref registration);
            }

            if (!string.IsNullOrEmpty(id)) parties[id] = new SaftParty(id, string.IsNullOrEmpty(name) ? id : name, registration);
        }
    }

    // Some countries nest the party's name one level deeper.
    private static void ReadCompany(SaftXml xml, ref string? name, ref string? registration)
    {
        foreach (var member in xml.Children())
        {
            if (member == "Name") name = xml.Text();
            else if (member == "RegistrationNumber") registration = xml.Text();
        }
    }

    private void ReadTaxCodes(SaftXml xml)
    {
        foreach (var _ in xml.Children())
        {
            foreach (var entry in xml.Children())
            {
                if (entry != "TaxCodeDetails") continue;
                string? code = null, name = null;
                foreach (var member in xml.Children())
                {
                    if (member == "TaxCode") code = xml.Text();
                    if (member == "Description") name = xml.Text();
                }

                if (code is not null && name is not null) TaxCodes[code] = name;
            }
        }
    }

    private void ReadAnalyses(SaftXml xml)
    {
        foreach (var _ in xml.Children())
        {
            string? type = null, typeName = null, id = null, name = null;
            foreach (var member in xml.Children())
            {
                switch (member)
                {
                    case "AnalysisType": type = xml.Text(); break;
                    case "AnalysisTypeDescription": typeName = xml.Text(); break;
                    case "AnalysisID": id = xml.Text(); break;
                    case "AnalysisIDDescription": name = xml.Text(); break;
                }
            }

            if (type is not null && id is not null) Analyses[new SaftAnalysis(type, id)] = (typeName, name);
        }
    }
}
