using System.Diagnostics;
using System.Globalization;
using Ledger.Cli.Terminal;
using Spectre.Console;

namespace Ledger.Cli.Import;

internal interface IImportProgress
{
    void Read(long records);
    void Sent(long records, long total);
}

/// <summary>Shows how far an import is: a bar on a terminal, else a plain line now and then that reads well in a log.</summary>
internal static class ImportProgress
{
    public static async Task<T> ShowAsync<T>(ToolHost host, Func<IImportProgress, Action<string>, Task<T>> run)
    {
        if (!host.ProgressOnTerminal) return await run(new PlainProgress(host.Error), host.Error.WriteLine);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(host.Error) });
        return await console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context => run(new Bar(context), line => console.MarkupLineInterpolated($"[yellow]{line}[/]")));
    }

    private sealed class Bar(ProgressContext context) : IImportProgress
    {
        private readonly ProgressTask reading = context.AddTask("Checking the file").IsIndeterminate();
        private ProgressTask? sending;

        public void Read(long records) => reading.Description = $"Checking the file: {Number(records)} records";

        public void Sent(long records, long total)
        {
            if (sending is null)
            {
                reading.IsIndeterminate(false);
                reading.Value = reading.MaxValue;
                sending = context.AddTask("Sending", maxValue: total);
            }

            sending.Value = records;
            sending.Description = $"Sending: {Number(records)} of {Number(total)} records";
        }
    }

    private sealed class PlainProgress(TextWriter output) : IImportProgress
    {
        private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
        private long lastLine = Stopwatch.GetTimestamp();

        public void Read(long records) => Say($"Read {Number(records)} records.", false);

        public void Sent(long records, long total) => Say($"Sent {Number(records)} of {Number(total)} records.", records == total);

        private void Say(string line, bool atOnce)
        {
            if (!atOnce && Stopwatch.GetElapsedTime(lastLine) < Pause) return;
            lastLine = Stopwatch.GetTimestamp();
            output.WriteLine(line);
        }
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
