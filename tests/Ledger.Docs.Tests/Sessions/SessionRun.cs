using System.Diagnostics;

namespace Ledger.Docs.Tests.Sessions;

/// <summary>What came of a session: the shell's own end, and every call it made, in order.</summary>
internal sealed record SessionRun(Session Session, int ExitCode, string Output, IReadOnlyList<Call> Calls)
{
    public const string Needed = "bash and curl are needed to run the sessions of the pages";

    public static bool IsPossible { get; } = Found("bash") && Found("curl");

    /// <summary>Runs it with <c>set -eu -o pipefail</c>, in a folder of its own.</summary>
    public static async Task<SessionRun> Of(Session session, Uri service, string afterEach = "", CancellationToken cancellationToken = default)
    {
        var folder = Directory.CreateTempSubdirectory("ledger-session-");
        try
        {
            var calls = folder.CreateSubdirectory("calls");
            var script = Path.Combine(folder.FullName, Path.GetFileName(session.Page.Path));
            await File.WriteAllTextAsync(script, session.Script(service, afterEach), cancellationToken);
            var start = new ProcessStartInfo("bash", ["-e", "-u", "-o", "pipefail", script]) { WorkingDirectory = folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["BASH_ENV"] = Path.Combine(AppContext.BaseDirectory, "Sessions", "recorded-curl.sh");
            start.Environment["SESSION_CALLS"] = calls.FullName;
            // Settings of whoever runs the tests are not the page's.
            foreach (var name in (string[])["LEDGER", "API", "TOKEN", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]) start.Environment.Remove(name);
            using var bash = Process.Start(start)!;
            var output = bash.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = bash.StandardError.ReadToEndAsync(cancellationToken);
            await bash.WaitForExitAsync(cancellationToken);
            return new(session, bash.ExitCode, await output + await errors, [.. calls.GetDirectories().OrderBy(call => call.Name, StringComparer.Ordinal).Select(call => Call.Read(call.FullName))]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Everything that did not go as the page says, each with its line.</summary>
    public IEnumerable<string> Faults()
    {
        foreach (var call in Calls)
        {
            if (call.Fault(Session.Expected(call.Line)) is { } fault) yield return $"{Session.Page.Path}:{call.Line}: {fault}";
        }
        if (ExitCode != 0)
        {
            yield return $"{Session.Page.Path}: bash ended with {ExitCode}: {Output}";
            yield break;
        }
        foreach (var line in Session.Calls.Except(Calls.Select(call => call.Line))) yield return $"{Session.Page.Path}:{line}: curl was not called";
    }

    private static bool Found(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
