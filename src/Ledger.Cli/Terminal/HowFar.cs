using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace Ledger.Cli.Terminal;

/// <summary>Shows how far one long piece of work is: a bar on a terminal, else a line every two seconds that reads well in a log.</summary>
internal static class HowFar
{
    /// <param name="run">Is given a way to tell (done, of) and a way to say something in between.</param>
    public static async Task<T> ShowAsync<T>(ToolHost host, string what, string unit, Func<Action<long, long>, Action<string>, Task<T>> run)
    {
        if (!host.ProgressOnTerminal) return await run(Lines(host.Error, what, unit), host.Error.WriteLine);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(host.Error) });
        return await console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context =>
            {
                var task = context.AddTask(what);
                void Tell(long done, long of) => (task.MaxValue, task.Value, task.Description) = (Math.Max(of, 1), done, $"{what}: {Number(done)} of {Number(of)} {unit}");
                return run(Tell, line => console.MarkupLineInterpolated($"[yellow]{line}[/]"));
            });
    }

    private static Action<long, long> Lines(TextWriter output, string what, string unit)
    {
        var pause = TimeSpan.FromSeconds(2);
        var last = Stopwatch.GetTimestamp();
        return (done, of) =>
        {
            if (Stopwatch.GetElapsedTime(last) < pause) return;
            last = Stopwatch.GetTimestamp();
            output.WriteLine($"{what}: {Number(done)} of {Number(of)} {unit}.");
        };
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
