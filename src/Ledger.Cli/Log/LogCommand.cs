using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Ledger.Cli.Database;
using Ledger.Cli.Terminal;
using Ledger.EventStore.Log;
using Npgsql;

namespace Ledger.Cli.Log;

/// <summary><c>ledger log keys|rotate-key</c>: the keys that sign checkpoints.</summary>
internal static class LogCommand
{
    public static Command Create(ToolHost host)
    {
        var command = new Command("log", "See and replace the keys that sign the log's checkpoints. Works on the database, for the operator.");
        command.Subcommands.Add(Keys(host));
        command.Subcommands.Add(RotateKey(host));
        return command;
    }

    private static Command Keys(ToolHost host) => Complete(new Command("keys", "List the public keys, retired ones too, as verifiers take them."), host, async (parsed, json, source, cancellationToken) =>
    {
        var keys = await new LogKeys(source, LogSettings.Default).ListAsync(cancellationToken);
        host.Out.WriteLine(json ? new JsonObject { ["keys"] = new JsonArray([.. keys.Select(Json)]) }.ToJsonString() : string.Join(Environment.NewLine, keys.Select(Line)));
        return ExitCode.Done;
    });

    private static Command RotateKey(ToolHost host)
    {
        var command = new Command("rotate-key", "Make a new signing key. The old one signs beside it for a while, so that verifiers can learn the new one. No restart is needed.");
        var days = new Option<int>("--overlap-days") { Description = "How long both sign, 0 to 3650", DefaultValueFactory = _ => (int)LogKeys.Overlap.TotalDays };
        command.Options.Add(days);
        return Complete(command, host, async (parsed, json, source, cancellationToken) =>
        {
            var overlap = parsed.GetValue(days);
            if (overlap is < 0 or > 3_650) throw CommandFailure.Usage("--overlap-days may be 0 to 3650.");
            var key = await LogKeys.RotateAsync(source, TimeSpan.FromDays(overlap), cancellationToken)
                ?? throw new CommandFailure(ExitCode.Refused, "There is no key in the database to replace. Either the service has never started, or its configuration holds the key: set Ledger:Log:KeyFile to the new one and Ledger:Log:PreviousKeyFile to the old one.");
            host.Out.WriteLine(json ? Json(key).ToJsonString() : $"Checkpoints are signed from now on by{Environment.NewLine}{Line(key)}{Environment.NewLine}Give it to those who verify; the old key signs too for {overlap} days.");
            return ExitCode.Done;
        });
    }

    private static Command Complete(Command command, ToolHost host, Func<ParseResult, bool, NpgsqlDataSource, CancellationToken, Task<int>> run)
    {
        var database = new DatabaseOption();
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        database.AddTo(command);
        command.Options.Add(json);
        command.SetAction((parsed, cancellationToken) => LedgerTool.GuardAsync(host, () => database.UseAsync(parsed, host, source => run(parsed, parsed.GetValue(json), source, cancellationToken))));
        return command;
    }

    private static string Line(LogKey key)
    {
        using var note = key.ToNoteKey();
        var state = key.RetiresAt is not { } retires ? "signing" : $"{(key.IsSigning ? "signing until" : "retired at")} {Time(retires)}";
        return $"{Printable.Line(note.VerifierKey)}  {state}";
    }

    private static JsonObject Json(LogKey key)
    {
        using var note = key.ToNoteKey();
        return new() { ["verifier_key"] = note.VerifierKey, ["added_at"] = Time(key.AddedAt), ["retires_at"] = key.RetiresAt is { } retires ? Time(retires) : null, ["signing"] = key.IsSigning };
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
