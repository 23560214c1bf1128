using System.Text;
using Ledger.Cli.Tests.Service;
using static Ledger.Cli.Tests.Saft.SaftText;

namespace Ledger.Cli.Tests.Import;

/// <summary>A file that cannot be read to its end sends nothing and ends with code 3 and one line.</summary>
public sealed class DamagedFilesTests
{
    public static TheoryData<string, string> Files => new()
    {
        { "", "not complete, well-formed XML" },
        { "{\"id\":1}", "not complete, well-formed XML" },
        { "<invoice/>", "its root element is <invoice>" },
        { "<AuditFile xmlns=\"urn:OECD:StandardAuditFile-Tax:PT_1.04_01\"/>", "not a SAF-T Financial file" },
        { "<AuditFile xmlns=\"urn:StandardAuditFile-Taxation-Financial:NO\"/>", "it has no Header" },
        { File("<Journal>")[..^40], "not complete, well-formed XML" },
        { File(Journal("A", Transaction("1", Debit("12,50")))), "'12,50' is not an amount in NOK" },
        { File(Journal("A", Transaction("1", Debit("0.125")))), "'0.125' is not an amount in NOK" },
        { File(Journal("A", Transaction("1", Debit("1"))), currency: "NOR"), "'NOR' is not a currency" },
        { File(Journal("A", Transaction("1", "<Line><AccountID>1</AccountID></Line>"))), "neither DebitAmount nor CreditAmount" },
        { File(Journal("A", Transaction("", Debit("1")))), "no TransactionID" },
        { File(Journal("A", Transaction("1", Debit("1")))).Replace("2024-01-31", "2024-02-30"), "'2024-02-30' is not a date" },
        { File(Journal("A", Transaction("1", Debit("92233720368547758.07"), Debit("1")))), "too large" },
        { "<!DOCTYPE AuditFile [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><AuditFile>&x;</AuditFile>", "declares a DTD" },
        { File("") + "<again/>", "not complete, well-formed XML" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_file_that_is_no_saft_file_is_refused_and_nothing_sent(string content, string message)
    {
        await using var peer = await NativeApiPeer.StartAsync();
        using var file = new TemporaryFile(content);
        var run = await ToolRun.OfAsync(["import", "saft", file.Name, "--url", peer.Url]);
        run.ShouldFailWith(ExitCode.BadInput, message);
        run.Error.Trim().Split('\n').Length.ShouldBe(1, run.Error);
        peer.Records.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_sample_cut_anywhere_registers_nothing()
    {
        await using var peer = await NativeApiPeer.StartAsync();
        var whole = await System.IO.File.ReadAllBytesAsync(ToolRun.Sample, TestContext.Current.CancellationToken);
        for (var length = 0; length < whole.Length - 20; length += 9973)
        {
            using var file = new TemporaryFile(whole[..length]);
            (await ToolRun.OfAsync(["import", "saft", file.Name, "--url", peer.Url])).ShouldFailWith(ExitCode.BadInput, "well-formed XML");
        }

        peer.Records.ShouldBeEmpty();
    }

    [Fact]
    public async Task Bytes_that_are_not_the_declared_encoding_are_refused()
    {
        using var file = new TemporaryFile(Encoding.Latin1.GetBytes(File(Journal("Å", Transaction("1", Debit("1"))))));
        (await ToolRun.OfAsync(["import", "saft", file.Name])).ShouldFailWith(ExitCode.BadInput, "well-formed XML");
    }

    [Fact]
    public async Task A_missing_file_is_said_in_one_line() =>
        (await ToolRun.OfAsync(["import", "saft", "/nowhere/at-all.xml"])).ShouldFailWith(ExitCode.BadInput, "Cannot read /nowhere/at-all.xml: there is no such file.");

    [Fact]
    public async Task A_directory_is_said_in_one_line() =>
        (await ToolRun.OfAsync(["import", "ndjson", Path.GetTempPath()])).ShouldFailWith(ExitCode.BadInput, "Cannot read");

    [Theory]
    [InlineData("<NumberOfEntries>2</NumberOfEntries>", "the file states 2")]
    [InlineData("<NumberOfEntries>x</NumberOfEntries>", "the file states x")]
    [InlineData("<TotalDebit>12.51</TotalDebit>", "the file states 12.51")]
    [InlineData("<TotalCredit>-12.50</TotalCredit>", "the file states -12.50")]
    public async Task A_control_total_that_differs_is_said_and_ends_with_1(string totals, string verdict)
    {
        await using var peer = await NativeApiPeer.StartAsync();
        using var file = new TemporaryFile(File(Journal("A", Transaction("1", Debit("12.50"), Credit("12.50"))), totals: totals));
        var run = await ToolRun.OfAsync(["import", "saft", file.Name, "--url", peer.Url]);
        run.ExitCode.ShouldBe(ExitCode.DoneWithFindings, run.Error);
        run.Out.ShouldContain($"DIFFERS: {verdict}");
        peer.Records.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_file_without_control_totals_is_imported()
    {
        await using var peer = await NativeApiPeer.StartAsync();
        using var file = new TemporaryFile(File(Journal("A", Transaction("1", Debit("12.50"), Credit("12.40")))));
        var run = await ToolRun.OfAsync(["import", "saft", file.Name, "--url", peer.Url]);
        run.ExitCode.ShouldBe(ExitCode.Done, run.Error);
        run.Out.ShouldContain("the file states none");
        run.Out.ShouldContain("1 transactions whose debit and credit differ");
    }
}
