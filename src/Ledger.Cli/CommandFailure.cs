namespace Ledger.Cli;

/// <summary>Ends a command with one line for the user and an exit code. Never shown with a stack trace.</summary>
internal sealed class CommandFailure(int exitCode, string message, Exception? cause = null) : Exception(message, cause)
{
    public int ExitCode { get; } = exitCode;

    public static CommandFailure BadInput(string message, Exception? cause = null) => new(Cli.ExitCode.BadInput, message, cause);

    public static CommandFailure Usage(string message) => new(Cli.ExitCode.Usage, message);
}
