using System.CommandLine;
using Ledger.Cli.Service;
using Ledger.Cli.Terminal;

namespace Ledger.Cli.Import;

/// <summary><c>ledger import saft|csv|ndjson FILE</c>.</summary>
internal static class ImportCommand
{
    public static Command Create(ToolHost host)
    {
        var command = new Command("import", "Send the records of a file to the service. Starting again registers nothing twice.");
        command.Subcommands.Add(Saft(host));
        command.Subcommands.Add(Csv(host));
        command.Subcommands.Add(Ndjson(host));
        return command;
    }

    private static Command Saft(ToolHost host)
    {
        var command = new Command("saft", "A SAF-T Financial audit file (XML): each Transaction becomes a record.");
        var file = FileOf(command);
        return Complete(command, host, parsed => new SaftSource(parsed.GetRequiredValue(file)), file);
    }

    private static Command Csv(ToolHost host)
    {
        var command = new Command("csv", "A CSV file whose first row names the members of a record.");
        var file = FileOf(command);
        var separator = new Option<char?>("--separator") { Description = "Between cells; found from the file when left out" };
        command.Options.Add(separator);
        return Complete(command, host, parsed => new CsvSource(parsed.GetRequiredValue(file), parsed.GetValue(separator)), file);
    }

    private static Command Ndjson(ToolHost host)
    {
        var command = new Command("ndjson", "A file with one record (JSON) per line.");
        var file = FileOf(command);
        return Complete(command, host, parsed => new NdjsonSource(parsed.GetRequiredValue(file)), file);
    }

    private static Argument<string> FileOf(Command command)
    {
        var file = new Argument<string>("FILE") { Description = "Path of the file" };
        command.Arguments.Add(file);
        return file;
    }

    private static Command Complete(Command command, ToolHost host, Func<ParseResult, IRecordSource> open, Argument<string> file)
    {
        var options = new ServiceAddress.Options();
        options.AddTo(command);
        var check = new Option<bool>("--check") { Description = "Read the file, compare its totals, send nothing" };
        var json = new Option<bool>("--json") { Description = "Print the summary as one JSON object" };
        command.Options.Add(check);
        command.Options.Add(json);
        command.SetAction((parsed, cancellationToken) => LedgerTool.GuardAsync(host, async () =>
        {
            var address = options.Read(parsed, host);
            var source = open(parsed);
            var checkOnly = parsed.GetValue(check);
            var counts = await ImportProgress.ShowAsync(host, async (progress, say) =>
            {
                using var service = new LedgerService(address, host.Patience, say);
                return await new ImportRun(source, service, address, progress).RunAsync(checkOnly, cancellationToken);
            });
            var summary = new ImportSummary(parsed.GetRequiredValue(file), (source as SaftSource)?.Totals, checkOnly, counts);
            host.Out.WriteLine(parsed.GetValue(json) ? summary.AsJson() : summary.AsText());
            return summary.HasFindings ? ExitCode.DoneWithFindings : ExitCode.Done;
        }));
        return command;
    }
}
