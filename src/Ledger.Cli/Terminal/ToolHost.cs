using Ledger.Cli.Service;

namespace Ledger.Cli.Terminal;

/// <summary>What the tool sees of the process it runs in, so that a test can run it whole.</summary>
/// <param name="Out">Results: the summary, the timeline, JSON. Can be piped.</param>
/// <param name="Error">Progress and messages.</param>
/// <param name="ProgressOnTerminal">A progress bar may be drawn on <paramref name="Error"/>; false: plain lines.</param>
/// <param name="Environment">Reads an environment variable.</param>
internal sealed record ToolHost(
    TextWriter Out, TextWriter Error, bool ProgressOnTerminal, Func<string, string?> Environment, Patience Patience)
{
    public static ToolHost OfThisProcess() => new(
        Console.Out, Console.Error, !Console.IsErrorRedirected, System.Environment.GetEnvironmentVariable, Patience.Default);
}
