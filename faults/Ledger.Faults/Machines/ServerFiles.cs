using System.Diagnostics;
using Ledger.Testing.Postgres;

namespace Ledger.Faults.Machines;

/// <summary>The programs of PostgreSQL, and an empty cluster that is made once and copied.</summary>
internal static class ServerFiles
{
    private static readonly string Binaries = PostgresBinaries.Find();
    private static readonly Lazy<Task<string>> Template = new(MakeTemplateAsync);

    public static UnprivilegedUser User { get; } = UnprivilegedUser.ForServer();

    public static ProcessStartInfo Command(string program, IEnumerable<string> arguments) => User.Command([Path.Combine(Binaries, program), .. arguments]);

    /// <param name="data">A folder that does not exist yet.</param>
    public static async Task InitialiseAsync(string data)
    {
        using var copy = Process.Start("cp", ["-a", await Template.Value, data]);
        await copy.WaitForExitAsync();
        if (copy.ExitCode != 0) throw new InvalidOperationException("An empty cluster could not be copied.");
    }

    private static async Task<string> MakeTemplateAsync()
    {
        var folder = Children.NewFolder();
        User.Own(folder);
        var data = Path.Combine(folder, "data");
        var initialise = Command("initdb", ["--pgdata", data, "--username", "postgres", "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8"]);
        initialise.RedirectStandardOutput = true;
        using var initdb = Process.Start(initialise)!;
        await initdb.StandardOutput.ReadToEndAsync();
        await initdb.WaitForExitAsync();
        if (initdb.ExitCode != 0) throw new InvalidOperationException("initdb failed.");
        return data;
    }
}
