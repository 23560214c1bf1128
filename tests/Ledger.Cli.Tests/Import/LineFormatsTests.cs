using System.Text;
using System.Text.Json.Nodes;
using Ledger.Cli.Import;
using Ledger.Cli.Tests.Service;

namespace Ledger.Cli.Tests.Import;

public sealed class LineFormatsTests
{
    [Fact]
    public async Task A_csv_row_becomes_a_record()
    {
        await using var peer = await NativeApiPeer.StartAsync();
        using var file = new TemporaryFile(
            "id,kind,amount,currency,posted_at,text,counterparty.id,counterparty.name\r\n"
            + "R-1,expense,12.5,EUR,2024-01-31,\"Lunch, \"\"with\"\" guests\nand wine\",C-1,Café Ö\r\n"
            + "R-2,,-1500,JPY,,,,\r\n");
        var run = await ToolRun.OfAsync(["import", "csv", file.Name, "--url", peer.Url]);
        run.ExitCode.ShouldBe(ExitCode.Done, run.Error);
        run.Out.ShouldContain("2 sent: 2 registered");
        ShouldEqual(peer.Records["R-1"], """
            {"id":"R-1","kind":"expense","posted_at":"2024-01-31","text":"Lunch, \"with\" guests\nand wine",
             "amount":{"value":1250,"currency":"EUR"},"counterparty":{"id":"C-1","name":"Café Ö"}}
            """);
        ShouldEqual(peer.Records["R-2"], """{"id":"R-2","amount":{"value":-1500,"currency":"JPY"}}""");
    }

    [Theory]
    [InlineData("id;amount;currency\nR-1;12.50;EUR\n")]
    [InlineData("id\tamount_minor\tcurrency\nR-1\t1250\tEUR")]
    [InlineData("\uFEFFid,amount,currency\nR-1,12.50,EUR\n\n")]
    public void Separators_and_byte_order_marks_of_spreadsheets_are_understood(string text)
    {
        using var file = new TemporaryFile(text);
        ShouldEqual(JsonNode.Parse(new CsvSource(file.Name, null).Records().Single().Span), """{"id":"R-1","amount":{"value":1250,"currency":"EUR"}}""");
    }

    [Theory]
    [InlineData("", "column 'id' is missing")]
    [InlineData("id,amount\nR,1", "column 'currency' is missing")]
    [InlineData("id,currency\nR,EUR", "one column of 'amount'")]
    [InlineData("id,amount,currency,lines\n", "lines do not fit into a CSV row")]
    [InlineData("id,amount,currency,colour\n", "unknown column 'colour'")]
    [InlineData("id,id,amount,currency\n", "column 'id' appears twice")]
    [InlineData("id,amount,currency\nR-1,1,EUR\nR-2,1.234,EUR\n", "line 3: '1.234' is not an amount in EUR")]
    [InlineData("id,amount,currency\nR-1,1,EURO\n", "line 2: 'EURO' is not a currency")]
    [InlineData("id,amount,currency\nR-1,1\n", "not readable as CSV")]
    [InlineData("id,amount,currency\n\"R-1,1,EUR\n", "not readable as CSV")]
    public async Task A_csv_file_that_does_not_fit_sends_nothing(string text, string message)
    {
        await using var peer = await NativeApiPeer.StartAsync();
        using var file = new TemporaryFile(text);
        (await ToolRun.OfAsync(["import", "csv", file.Name, "--url", peer.Url])).ShouldFailWith(ExitCode.BadInput, message);
        peer.Records.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_csv_file_in_another_encoding_is_refused()
    {
        using var file = new TemporaryFile(Encoding.Latin1.GetBytes("id,amount,currency,text\nR,1,EUR,Café\n"));
        (await ToolRun.OfAsync(["import", "csv", file.Name])).ShouldFailWith(ExitCode.BadInput, "is not UTF-8 text");
    }

    [Fact]
    public async Task Ndjson_goes_through_as_it_is_in_batches()
    {
        await using var peer = await NativeApiPeer.StartAsync();
        var text = string.Join("\r\n", Enumerable.Range(1, 1203).Select(number => $$"""{"id":"N-{{number}}","amount":{"value":{{number}},"currency":"EUR"},"text":"{{new string('x', number * 2)}}"}"""));
        using var file = new TemporaryFile("\uFEFF" + text + "\n\n");
        var run = await ToolRun.OfAsync(["import", "ndjson", file.Name, "--url", peer.Url]);
        run.ExitCode.ShouldBe(ExitCode.Done, run.Error);
        peer.Records.Count.ShouldBe(1203);
        peer.Records.Values.Sum(record => (long)record["amount"]!["value"]!).ShouldBe(1203 * 1204 / 2);
        peer.BatchSizes.ShouldBe([500, 500, 203]);
    }

    [Fact]
    public void Lines_longer_than_the_read_buffer_stay_whole()
    {
        var longText = new string('y', 300_000);
        using var file = new TemporaryFile($"{{\"id\":\"a\"}}\n{{\"id\":\"{longText}\"}}\n{{\"id\":\"b\"}}");
        new NdjsonSource(file.Name).Records().Select(record => (string)JsonNode.Parse(record.Span)!["id"]!).ShouldBe(["a", longText, "b"]);
    }

    [Theory]
    [InlineData("{\"id\":\"a\"}\n{\"id\":\"b\"\n", "line 2: not valid JSON")]
    [InlineData("[1]\n", "line 1: not a JSON object")]
    [InlineData("{\"id\":\"a\"} x\n", "line 1: not valid JSON")]
    public async Task A_line_that_is_not_a_record_sends_nothing(string text, string message)
    {
        await using var peer = await NativeApiPeer.StartAsync();
        using var file = new TemporaryFile(text);
        (await ToolRun.OfAsync(["import", "ndjson", file.Name, "--url", peer.Url])).ShouldFailWith(ExitCode.BadInput, message);
        peer.Records.ShouldBeEmpty();
    }

    private static void ShouldEqual(JsonNode? found, string expected) =>
        JsonNode.DeepEquals(found, JsonNode.Parse(expected)).ShouldBeTrue(found?.ToJsonString());
}
