using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Ledger.Cli.Database;
using Ledger.Cli.Terminal;
using Ledger.Projections.Rebuild;

namespace Ledger.Cli.Rebuild;

/// <summary><c>ledger rebuild NAME… | --all</c>: replays every event, says whether the read models equal the replay, and replaces them by it.</summary>
internal static class RebuildCommand
{
    private const int ExamplesShown = 5;
    private static readonly TimeSpan WorthTelling = TimeSpan.FromSeconds(0.1);

    public static Command Create(ToolHost host)
    {
        var command = new Command("rebuild", "Replay all events and replace read models by the result. Works on the database, for the operator.");
        var names = new Argument<string[]>("NAME") { Description = $"Read models: {string.Join(", ", ReadModelRebuild.Names)}", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "Every read model" };
        var check = new Option<bool>("--check") { Description = "Only compare; change nothing" };
        var json = new Option<bool>("--json") { Description = "Print the comparison as one JSON object" };
        var database = new DatabaseOption();
        command.Arguments.Add(names);
        foreach (var option in (Option[])[all, check, json]) command.Options.Add(option);
        database.AddTo(command);
        command.SetAction((parsed, cancellationToken) => LedgerTool.GuardAsync(host, () =>
        {
            var chosen = Chosen(parsed.GetValue(names) ?? [], parsed.GetValue(all));
            return database.UseAsync(parsed, host, async source =>
            {
                // Whoever serves goes first: on the same machine a rebuild takes what is left.
                using (var self = Process.GetCurrentProcess()) self.PriorityClass = ProcessPriorityClass.BelowNormal;
                var compareOnly = parsed.GetValue(check);
                var report = await new ReadModelRebuild(source).RunAsync(!compareOnly, chosen, new Progress(host.Error), cancellationToken);
                host.Out.WriteLine(parsed.GetValue(json) ? Json(report) : Text(report));
                // A difference that was found and replaced is still news: the tables had drifted from the events.
                return report.IsEqual ? ExitCode.Done : ExitCode.DoneWithFindings;
            });
        }));
        return command;
    }

    /// <returns>Null for every read model.</returns>
    private static string[]? Chosen(string[] names, bool all)
    {
        if (all == names.Length > 0) throw CommandFailure.Usage("Give the names of read models, or --all.");
        var unknown = names.FirstOrDefault(name => !ReadModelRebuild.Names.Contains(name));
        if (unknown is not null) throw CommandFailure.Usage($"There is no read model '{Printable.Line(unknown)}'; there are {string.Join(", ", ReadModelRebuild.Names)}.");
        return all ? null : names;
    }

    private static string Text(RebuildReport report)
    {
        var lines = report.ReadModels.Select(model => string.Create(CultureInfo.InvariantCulture,
            $"  {model.Name,-14} {model.Rows,12:N0} rows  {(model.IsEqual ? "equal to the replay" : $"DIFFERS: {model.Missing:N0} missing or other, {model.Unexpected:N0} unexpected")}")
            + string.Concat(model.Examples.Take(ExamplesShown).Select(example => $"{Environment.NewLine}      {Printable.Line(example.ToString())}")));
        return string.Join(Environment.NewLine, lines.Prepend(string.Create(CultureInfo.InvariantCulture, $"{report.Events:N0} events replayed")).Append(report.Replaced ? "Replaced." : "Nothing was changed.").Concat(report.Phases.Where(phase => phase.Elapsed > WorthTelling).Select(Line)));
    }

    private static string Line(RebuildPhase phase) => string.Create(CultureInfo.InvariantCulture,
        $"  {phase.Name,-18} {phase.Rows,12:N0} rows  {phase.Elapsed.TotalSeconds,7:0.0} s  of which {phase.Processor.TotalSeconds:0.0} s on the processor here");

    private static string Json(RebuildReport report) => new JsonObject
    {
        ["events"] = report.Events,
        ["replaced"] = report.Replaced,
        ["equal"] = report.IsEqual,
        ["read_models"] = new JsonArray([.. report.ReadModels.Select(model => new JsonObject
        {
            ["name"] = model.Name,
            ["rows"] = model.Rows,
            ["missing"] = model.Missing,
            ["unexpected"] = model.Unexpected,
            ["examples"] = new JsonArray([.. model.Examples.Select(example => new JsonObject { ["kind"] = example.Kind, ["row"] = JsonNode.Parse(example.Row), ["last_position"] = example.LastPosition })]),
        })]),
        ["phases"] = new JsonArray([.. report.Phases.Select(phase => new JsonObject
        {
            ["name"] = phase.Name,
            ["rows"] = phase.Rows,
            ["seconds"] = phase.Elapsed.TotalSeconds,
            ["processor_seconds"] = phase.Processor.TotalSeconds,
        })]),
    }.ToJsonString();

    private sealed class Progress(TextWriter output) : IProgress<long>
    {
        private long last = Stopwatch.GetTimestamp();

        public void Report(long value)
        {
            if (Stopwatch.GetElapsedTime(last) < TimeSpan.FromSeconds(2)) return;
            last = Stopwatch.GetTimestamp();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Replayed {value:N0} events."));
        }
    }
}
