using System.Diagnostics;
using Ledger.Testing.Postgres;
using Npgsql;

namespace Ledger.EventStore.Tests.Postgres;

/// <summary>What an operator's backup does: pg_dump here, pg_restore into an empty database.</summary>
internal static class DumpAndRestore
{
    public static async Task SkipUnlessThereAsync(LedgerDatabase ledger)
    {
        var folder = await FolderAsync(ledger);
        Assert.SkipUnless(File.Exists(Path.Combine(folder, "pg_dump")) && File.Exists(Path.Combine(folder, "pg_restore")), $"The server's folder {folder} has no pg_dump and pg_restore.");
    }

    public static async Task<LedgerDatabase> CopyAsync(LedgerDatabase ledger)
    {
        var copy = await TestDatabase.CreateEmptyAsync();
        await CopyAsync(await FolderAsync(ledger), ledger.ConnectionString, copy.ConnectionString);
        return LedgerDatabase.Over(copy);
    }

    private static Task<string> FolderAsync(LedgerDatabase ledger) => ledger.ScalarAsync<string>("select setting from pg_config where name = 'BINDIR'");

    private static async Task CopyAsync(string folder, string from, string to)
    {
        var file = Path.GetTempFileName();
        try
        {
            await RunAsync(Path.Combine(folder, "pg_dump"), from, "--format", "custom", "--file", file);
            await RunAsync(Path.Combine(folder, "pg_restore"), to, "--exit-on-error", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task RunAsync(string program, string connectionString, params string[] arguments)
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        var start = new ProcessStartInfo(program, [.. arguments, "--dbname", server.Database!, "--host", server.Host!, "--port", $"{server.Port}", "--username", server.Username!]) { RedirectStandardError = true };
        if (server.Password is { } password) start.Environment["PGPASSWORD"] = password;
        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, errors);
    }
}
