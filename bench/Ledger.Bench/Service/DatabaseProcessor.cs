using System.Globalization;
using Npgsql;

namespace Ledger.Bench.Service;

/// <summary>Processor time of a PostgreSQL server on this machine: the postmaster, the children it has buried, and the living ones.</summary>
internal sealed class DatabaseProcessor(int postmaster)
{
    private const double TicksPerSecond = 100;   // USER_HZ, the same on every Linux

    /// <returns>Null where there is no /proc, or the server is on another machine.</returns>
    public static async Task<DatabaseProcessor?> FindAsync(NpgsqlDataSource dataSource)
    {
        await using var command = dataSource.CreateCommand("select pg_backend_pid()");
        var backend = (int)(await command.ExecuteScalarAsync())!;
        return Stat(backend) is { } stat && stat.Name == "postgres" ? new(stat.Parent) : null;
    }

    public TimeSpan Time()
    {
        var ticks = Stat(postmaster) is { } server ? server.Own + server.Buried : 0;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var pid) && Stat(pid) is { } stat && stat.Parent == postmaster) ticks += stat.Own;
        }
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    /// <summary>Of one session, by its process id; nothing where the server is on another machine.</summary>
    public static TimeSpan OfSession(int backend) => Stat(backend) is { Name: "postgres" } stat ? TimeSpan.FromSeconds(stat.Own / TicksPerSecond) : TimeSpan.Zero;

    private static (string Name, int Parent, long Own, long Buried)? Stat(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            var close = text.LastIndexOf(')');
            var fields = text[(close + 2)..].Split(' ');   // from field 3, the state
            long Ticks(int field) => long.Parse(fields[field - 3], CultureInfo.InvariantCulture);
            return (text[(text.IndexOf('(') + 1)..close], (int)Ticks(4), Ticks(14) + Ticks(15), Ticks(16) + Ticks(17));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
