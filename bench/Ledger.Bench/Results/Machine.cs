using System.Globalization;
using System.Runtime.InteropServices;
using Npgsql;

namespace Ledger.Bench.Results;

/// <summary>Where it was measured: the figures mean little without it, the ratios somewhat more.</summary>
internal sealed record Machine(string Processor, int Cores, long MemoryBytes, string Runtime, string Postgres, IReadOnlyList<(string Name, string Value)> Settings)
{
    private static readonly string[] Shown =
        ["fsync", "full_page_writes", "synchronous_commit", "wal_sync_method", "commit_delay", "shared_buffers", "max_wal_size", "checkpoint_timeout", "data_checksums", "max_connections", "autovacuum"];

    public string Slug => $"{Cores}-cores-{new string([.. Processor.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')]).Trim('-')}".Replace("--", "-", StringComparison.Ordinal);

    public static async Task<Machine> LookAsync(NpgsqlDataSource dataSource)
    {
        await using var command = dataSource.CreateCommand("select name, current_setting(name) from pg_settings where name = any ($1) order by name");
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. Shown, "server_version"] });
        var settings = new List<(string Name, string Value)>();
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync()) settings.Add((reader.GetString(0), reader.GetString(1)));
        }
        var version = settings.First(setting => setting.Name == "server_version").Value;
        return new(ProcessorName(), Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, RuntimeInformation.FrameworkDescription, version,
            [.. settings.Where(setting => setting.Name != "server_version")]);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Processor}, {Cores} cores, {MemoryBytes / 1_073_741_824.0:0} GiB · {RuntimeInformation.OSDescription} · {Runtime} · PostgreSQL {Postgres}: {string.Join(", ", Settings.Select(setting => $"{setting.Name} {setting.Value}"))}");

    private static string ProcessorName()
    {
        const string file = "/proc/cpuinfo";
        var line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Replace("Processor", "", StringComparison.Ordinal).Trim();
    }
}
