using Npgsql;

namespace Ledger.Testing.Postgres;

/// <summary>
/// The one PostgreSQL server of this test process: started at first use, stopped when the process ends, however it ends.
/// <c>LEDGER_TEST_POSTGRES</c> (a connection string of a role that may create databases) names a server to use instead.
/// </summary>
public static class PostgresServer
{
    public const string ConnectionStringVariable = "LEDGER_TEST_POSTGRES";

    private static readonly Lazy<Task<string>> Started = new(StartAsync, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>A connection string to the server's maintenance database; tests work in a <see cref="TestDatabase"/>.</summary>
    public static Task<string> GetConnectionStringAsync() => Started.Value;

    /// <summary>The same server, another database.</summary>
    public static async Task<string> GetConnectionStringAsync(string database) =>
        new NpgsqlConnectionStringBuilder(await GetConnectionStringAsync()) { Database = database }.ConnectionString;

    internal static async Task ExecuteAsync(string sql)
    {
        // Unpooled: a pooled connection left behind would count against the databases a test creates and drops.
        var unpooled = new NpgsqlConnectionStringBuilder(await GetConnectionStringAsync()) { Pooling = false };
        await using var connection = new NpgsqlConnection(unpooled.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 60 };
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Templates live as long as the process; on a server that outlives it somebody has to remove them.</summary>
    internal static void DropAtExit(string database)
    {
        if (IsGiven)
        {
            AppDomain.CurrentDomain.ProcessExit += (_, _) =>
                ExecuteAsync($"DROP DATABASE IF EXISTS {database} WITH (FORCE)").GetAwaiter().GetResult();
        }
    }

    private static bool IsGiven => Environment.GetEnvironmentVariable(ConnectionStringVariable) is { Length: > 0 };

    private static async Task<string> StartAsync()
    {
        if (IsGiven)
        {
            return Environment.GetEnvironmentVariable(ConnectionStringVariable)!;
        }

        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException($"On Windows, name a PostgreSQL server in {ConnectionStringVariable}.");
        }

        var binaries = PostgresBinaries.Find();
        StaleClusters.Remove();
        var cluster = await PrivateCluster.StartAsync(binaries);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.Stop();
        return cluster.ConnectionString;
    }
}
