using System.CommandLine;
using Ledger.Cli.Clients;
using Ledger.Cli.Export;
using Ledger.Cli.Import;
using Ledger.Cli.Log;
using Ledger.Cli.Rebuild;
using Ledger.Cli.Terminal;
using Ledger.Cli.Timeline;
using Ledger.Cli.Verify;

namespace Ledger.Cli;

/// <summary>The <c>ledger</c> command line.</summary>
internal static class LedgerTool
{
    public static async Task<int> RunAsync(string[] args, ToolHost host, CancellationToken cancellationToken = default)
    {
        var root = new RootCommand("Export Ledger: what was exported where, when and under which reference.");
        root.Subcommands.Add(ImportCommand.Create(host));
        root.Subcommands.Add(TimelineCommand.Create(host));
        root.Subcommands.Add(ExportCommand.Create(host));
        root.Subcommands.Add(VerifyCommand.Create(host));
        root.Subcommands.Add(ClientsCommand.Create(host));
        root.Subcommands.Add(RebuildCommand.Create(host));
        root.Subcommands.Add(LogCommand.Create(host));

        var parsed = root.Parse(args);
        var code = await parsed.InvokeAsync(
            new InvocationConfiguration { Output = host.Out, Error = host.Error, EnableDefaultExceptionHandler = false }, cancellationToken);
        // The parser has printed its messages and the usage; it always ends with 1, which here means something else.
        return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
    }

    /// <summary>Turns everything that can end a command early into one line and an exit code.</summary>
    public static async Task<int> GuardAsync(ToolHost host, Func<Task<int>> run)
    {
        try
        {
            // The parser listens to Ctrl-C only once the command has given control back for the first time.
            await Task.Yield();
            return await run();
        }
        catch (CommandFailure failure)
        {
            return Fail(host, failure.ExitCode, failure.Message);
        }
        catch (OperationCanceledException)
        {
            return Fail(host, ExitCode.Interrupted, "Interrupted.");
        }
        catch (Exception fault)
        {
            return Fail(host, ExitCode.Internal, $"Unexpected {fault.GetType().Name}: {fault.Message}");
        }
    }

    private static int Fail(ToolHost host, int code, string message)
    {
        host.Error.WriteLine($"ledger: {Printable.Line(message)}");
        return code;
    }
}
