using System.Text.Json.Nodes;
using Ledger.Cli.Tests.Service;

namespace Ledger.Cli.Tests.Saft;

public sealed class ImportingTheSampleTests
{
    [Fact]
    public async Task Registers_53_records_whose_totals_are_the_files_own()
    {
        await using var peer = await NativeApiPeer.StartAsync();
        var run = await ToolRun.OfAsync(["import", "saft", ToolRun.Sample, "--url", peer.Url, "--json"]);
        run.ExitCode.ShouldBe(ExitCode.Done, run.Error);

        peer.Records.Count.ShouldBe(53);
        var lines = peer.Records.Values.SelectMany(record => record["lines"]!.AsArray()).ToList();
        lines.Count.ShouldBe(170);
        SumOf(lines, "debit").ShouldBe(948704935);
        SumOf(lines, "credit").ShouldBe(948704935);
        peer.Records.Values.Sum(record => (long)record["amount"]!["value"]!).ShouldBe(948704935);

        var summary = run.Json();
        summary.GetProperty("counts").GetProperty("registered").GetInt64().ShouldBe(53);
        summary.GetProperty("control_totals").GetProperty("debit").GetProperty("found").GetString().ShouldBe("9487049.35");
        summary.GetProperty("control_totals").GetProperty("debit").GetProperty("agrees").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_second_import_registers_nothing()
    {
        await using var peer = await NativeApiPeer.StartAsync();
        await ToolRun.OfAsync(["import", "saft", ToolRun.Sample, "--url", peer.Url]);
        var again = await ToolRun.OfAsync(["import", "saft", ToolRun.Sample, "--url", peer.Url]);
        again.ExitCode.ShouldBe(ExitCode.Done);
        again.Out.ShouldContain("53 sent: 0 registered, 0 revised, 53 unchanged, 0 rejected");
        peer.Records.Count.ShouldBe(53);
    }

    [Fact]
    public async Task A_transaction_keeps_its_dates_names_and_amounts()
    {
        await using var peer = await NativeApiPeer.StartAsync();
        await ToolRun.OfAsync(["import", "saft", ToolRun.Sample, "--url", peer.Url]);
        JsonNode.DeepEquals(peer.Records["saft:888888888:2017:123ABC:1001"], JsonNode.Parse(FirstTransaction)).ShouldBeTrue(
            peer.Records["saft:888888888:2017:123ABC:1001"].ToJsonString());
    }

    [Fact]
    public async Task A_check_reads_everything_and_sends_nothing()
    {
        var run = await ToolRun.OfAsync(["import", "saft", ToolRun.Sample, "--check", "--url", "http://127.0.0.1:9"]);
        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Out.ShouldContain("Tøyen Lekefabrikk AS (888888888), NOK");
        run.Out.ShouldContain("9,487,049.35  as the file states");
    }

    private static long SumOf(IEnumerable<JsonNode?> lines, string side) =>
        lines.Where(line => (string)line!["side"]! == side).Sum(line => (long)line!["amount"]!["value"]!);

    // Written from the file by hand, not from the tool's output.
    private const string FirstTransaction = """
        {
          "id": "saft:888888888:2017:123ABC:1001",
          "kind": "accounting_entry",
          "amount": { "value": 1250000, "currency": "NOK" },
          "posted_at": "2017-01-05",
          "created_at": "2017-01-05T00:00:00Z",
          "text": "Faktura 1155 - Stoff til kosebamser",
          "account": "4000",
          "contra_account": "2400",
          "counterparty": { "id": "2002", "name": "Myke Tekstiler AS", "type": "supplier", "registration_number": "987654651" },
          "lines": [
            {
              "id": "1", "side": "debit", "amount": { "value": 1000000, "currency": "NOK" }, "account": "4000",
              "text": "Faktura 1155 - Stoff til kosebamser",
              "tags": [
                { "group_code": "account", "code": "4000", "name": "Varekjøp" },
                { "group_code": "A", "group_name": "Avdeling", "code": "102", "name": "Produksjon" },
                { "group_code": "P", "group_name": "Prosjekt", "code": "202", "name": "Søte kosebamser" },
                { "group_code": "tax", "group_name": "MVA", "code": "1", "name": "Inngående avgift, høy sats", "rate": "25" },
                { "group_code": "source_document", "code": "1234" },
                { "group_code": "reference", "code": "1155" },
                { "group_code": "value_date", "code": "2017-01-04" }
              ]
            },
            {
              "id": "2", "side": "credit", "amount": { "value": 1250000, "currency": "NOK" }, "account": "2400",
              "text": "Faktura 1155 - Stoff til kosebamser",
              "tags": [
                { "group_code": "account", "code": "2400", "name": "Leverandørgjeld" },
                { "group_code": "supplier", "code": "2002", "name": "Myke Tekstiler AS" },
                { "group_code": "source_document", "code": "1234" },
                { "group_code": "reference", "code": "1155" },
                { "group_code": "value_date", "code": "2017-01-04" }
              ]
            },
            {
              "id": "3", "side": "debit", "amount": { "value": 250000, "currency": "NOK" }, "account": "2710",
              "text": "Beregnet MVA",
              "tags": [
                { "group_code": "account", "code": "2710", "name": "Inngående merverdiavgift, høy sats" },
                { "group_code": "source_document", "code": "1234" },
                { "group_code": "value_date", "code": "2017-01-04" }
              ]
            }
          ],
          "facets": {
            "accounting_entries": {
              "saft": {
                "journal_id": "123ABC", "journal_name": "Kontospesifikasjon", "journal_type": "GL", "transaction_id": "1001",
                "transaction_type": "Normal", "transaction_date": "2017-01-04", "posting_date": "2017-01-05",
                "system_entry_date": "2017-01-05", "period": "01", "period_year": "2017"
              }
            }
          }
        }
        """;
}
