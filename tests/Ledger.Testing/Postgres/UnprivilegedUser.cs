using System.Diagnostics;

namespace Ledger.Testing.Postgres;

/// <summary>PostgreSQL refuses to run as root: there, its commands run as <c>postgres</c>, or else as <c>nobody</c>.</summary>
internal sealed record UnprivilegedUser(string? Name)
{
    public static UnprivilegedUser ForServer()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return new UnprivilegedUser(Name: null);
        }

        var accounts = File.ReadLines("/etc/passwd").Select(line => line.Split(':')[0]).ToHashSet(StringComparer.Ordinal);
        return new[] { "postgres", "nobody" }.FirstOrDefault(accounts.Contains) is { } name
            ? new UnprivilegedUser(name)
            : throw new InvalidOperationException("PostgreSQL refuses to run as root, and there is neither a user 'postgres' nor 'nobody'.");
    }

    /// <summary>The command as this user; standard input and output stay connected to the caller.</summary>
    public ProcessStartInfo Command(params IEnumerable<string> command)
    {
        string[] words = [.. Prefix(), .. command];
        return new ProcessStartInfo(words[0], words[1..]) { WorkingDirectory = "/", UseShellExecute = false };
    }

    public void Own(string folder)
    {
        if (Name is null)
        {
            return;
        }

        using var chown = Process.Start(new ProcessStartInfo("chown", ["-R", Name, folder]))!;
        chown.WaitForExit();
        if (chown.ExitCode != 0)
        {
            throw new InvalidOperationException($"chown {Name} {folder} failed.");
        }
    }

    private string[] Prefix()
    {
        if (Name is null)
        {
            return [];
        }

        return Exists("setpriv") ? ["setpriv", $"--reuid={Name}", "--clear-groups", "--"]
            : Exists("runuser") ? ["runuser", "-u", Name, "--"]
            : ["su", Name, "-s", "/bin/sh", "-c", "exec \"$@\"", "--", "sh"];
    }

    private static bool Exists(string tool) =>
        new[] { "/usr/bin", "/bin", "/usr/sbin", "/sbin" }.Any(folder => File.Exists(Path.Combine(folder, tool)));
}
