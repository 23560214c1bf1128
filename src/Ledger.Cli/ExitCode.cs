namespace Ledger.Cli;

/// <summary>What a run ends with. Documented in <c>docs/cli.md</c>: scripts depend on the numbers.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The run went to its end, but something does not agree: control totals, or records the service rejected.</summary>
    public const int DoneWithFindings = 1;

    /// <summary>The command line is wrong. Nothing was read or sent.</summary>
    public const int Usage = 2;

    /// <summary>The file cannot be read, or is not what the command expects.</summary>
    public const int BadInput = 3;

    /// <summary>No answer from the service (or the database), or only "try later" until the patience ended.</summary>
    public const int Unreachable = 4;

    /// <summary>The credentials are wrong or lack a scope.</summary>
    public const int NotAllowed = 5;

    /// <summary>The service answered, and refused the request: an unknown record, a request it does not understand.</summary>
    public const int Refused = 6;

    /// <summary>A fault of the tool itself.</summary>
    public const int Internal = 70;

    /// <summary>Ctrl-C or SIGTERM: 128 + 2, as shells count.</summary>
    public const int Interrupted = 130;
}
