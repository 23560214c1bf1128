using System.CommandLine;
using System.Globalization;
using Ledger.Cli.Service;
using Ledger.Cli.Terminal;
using Ledger.Cli.Verify;

namespace Ledger.Cli.Export;

/// <summary><c>ledger export DIR</c>: a history with its proof, as files that can be verified anywhere.</summary>
internal static class ExportCommand
{
    public static Command Create(ToolHost host)
    {
        var command = new Command("export", "Write the history, or a part of it, and its proof to a directory. Interrupted: start it again, it goes on.");
        var directory = new Argument<string>("DIR") { Description = "Directory to write to; made if it is not there" };
        var system = new Option<string?>("--system") { Description = "Leave out the items of other systems" };
        var from = new Option<string?>("--from") { Description = "First position, or time (RFC 3339) or day (UTC) from which on" };
        var to = new Option<string?>("--to") { Description = "Last position, or time (RFC 3339) or day (UTC) up to which" };
        var format = new Option<string>("--format") { Description = "ndjson or csv", DefaultValueFactory = _ => "ndjson" };
        var json = new Option<bool>("--json") { Description = "Print the verdict as one JSON object" };
        var options = new ServiceAddress.Options();
        command.Arguments.Add(directory);
        foreach (var option in new Option[] { system, from, to, format, json }) command.Options.Add(option);
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => LedgerTool.GuardAsync(host, async () =>
        {
            var address = options.Read(parsed, host);
            var path = parsed.GetRequiredValue(directory);
            var request = ExportRequest.Of(parsed.GetValue(system), parsed.GetValue(from), parsed.GetValue(to), parsed.GetRequiredValue(format));
            var manifest = await HowFar.ShowAsync(host, "Exporting", "positions", async (progress, say) =>
            {
                using var service = new LedgerService(address, host.Patience, say);
                try
                {
                    return await new ExportRun(request, path, service, host.Patience, progress, say).RunAsync(cancellationToken);
                }
                catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
                {
                    throw CommandFailure.BadInput($"Cannot write to '{path}': {fault.Message}", fault);
                }
            });
            // What cannot be verified now will not be later, and now somebody can still ask why.
            var report = await HowFar.ShowAsync(host, "Verifying", "bytes", async (progress, _) => VerifyReport.Of(await Task.Run(() => new BundleDirectory(path).Verify(null, progress))));
            if (parsed.GetValue(json)) host.Out.WriteLine(report.AsJson());
            else host.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Wrote {manifest.Events:N0} events to {Printable.Line(path)}.\n{report.AsText()}"));
            return report.ExitCode;
        }));
        return command;
    }
}
