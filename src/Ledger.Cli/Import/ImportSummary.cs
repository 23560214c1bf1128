using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Cli.Terminal;

namespace Ledger.Cli.Import;

/// <summary>The closing words of an import.</summary>
/// <param name="Totals">Of a SAF-T file; null for the formats that state no totals.</param>
internal sealed record ImportSummary(string File, SaftTotals? Totals, bool CheckOnly, RegistrationCounts Counts)
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public bool HasFindings => Counts.Rejected > 0 || Totals is { Agree: false };

    public string AsText()
    {
        var text = new StringBuilder();
        if (Totals is { } totals) Describe(totals, text);
        if (CheckOnly) return text.Append("Nothing was sent (--check).").ToString();
        text.Append(CultureInfo.InvariantCulture,
            $"{Counts.Total:N0} sent: {Counts.Registered:N0} registered, {Counts.Revised:N0} revised, {Counts.Unchanged:N0} unchanged, {Counts.Rejected:N0} rejected");
        foreach (var rejection in Counts.Rejections) text.AppendLine().Append(CultureInfo.InvariantCulture, $"  rejected {rejection.Id}: {rejection.Problem}");
        var untold = Counts.Rejected - Counts.Rejections.Count;
        if (untold > 0) text.AppendLine().Append(CultureInfo.InvariantCulture, $"  … and {untold:N0} more");
        return text.ToString();
    }

    public string AsJson()
    {
        var root = new JsonObject { ["file"] = File, ["check_only"] = CheckOnly };
        if (Totals is { } totals)
        {
            root["company"] = new JsonObject { ["registration_number"] = totals.Header.RegistrationNumber, ["name"] = totals.Header.CompanyName };
            root["currency"] = totals.Header.Currency;
            root["records"] = totals.Transactions;
            root["lines"] = totals.Lines;
            // Strings: a sum may be past what a JSON number keeps exactly.
            root["debit_minor"] = totals.DebitMinor.ToString(CultureInfo.InvariantCulture);
            root["credit_minor"] = totals.CreditMinor.ToString(CultureInfo.InvariantCulture);
            root["unbalanced"] = totals.Unbalanced;
            root["repeated_ids"] = totals.RepeatedIds;
            root["control_totals"] = new JsonObject(totals.Comparison(grouped: false).Select(row => KeyValuePair.Create<string, JsonNode?>(
                row.Name, new JsonObject { ["found"] = row.Found, ["stated"] = row.Stated, ["agrees"] = row.Agrees })));
        }

        root["counts"] = new JsonObject
        {
            ["registered"] = Counts.Registered,
            ["revised"] = Counts.Revised,
            ["unchanged"] = Counts.Unchanged,
            ["rejected"] = Counts.Rejected,
        };
        root["rejections"] = new JsonArray([.. Counts.Rejections.Select(rejection =>
            new JsonObject { ["id"] = rejection.Id, ["problem"] = rejection.Problem })]);
        return root.ToJsonString(Json);
    }

    private void Describe(SaftTotals totals, StringBuilder text)
    {
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{Printable.Line(Path.GetFileName(File))}: {Printable.Line(totals.Header.CompanyName)} ({Printable.Line(totals.Header.RegistrationNumber)}), {totals.Header.Currency}");
        foreach (var (name, found, stated, agrees) in totals.Comparison(grouped: true))
        {
            var verdict = agrees switch
            {
                true => "as the file states",
                false => $"DIFFERS: the file states {Printable.Line(stated)}",
                null => "the file states none",
            };
            text.AppendLine(CultureInfo.InvariantCulture, $"  {name,-8} {found,20}  {verdict}");
            if (name == "records") text.AppendLine(CultureInfo.InvariantCulture, $"  {"lines",-8} {totals.Lines,20}");
        }

        if (totals.Unbalanced > 0) text.AppendLine(CultureInfo.InvariantCulture, $"  {totals.Unbalanced:N0} transactions whose debit and credit differ");
        if (totals.RepeatedIds > 0)
            text.AppendLine(CultureInfo.InvariantCulture, $"  {totals.RepeatedIds:N0} transaction ids that repeat within their journal and year; their records are numbered #2, #3 …");
    }
}
