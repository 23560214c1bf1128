using Npgsql;

namespace Ledger.Testing.Postgres;

/// <summary>One database of its own on the <see cref="PostgresServer"/>, dropped on dispose; create one per test class.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private TestDatabase(string name, string connectionString)
    {
        Name = name;
        ConnectionString = connectionString;
    }

    public string Name { get; }

    public string ConnectionString { get; }

    /// <summary>A database without any schema; see <see cref="DatabaseTemplate"/> for migrated ones.</summary>
    public static Task<TestDatabase> CreateEmptyAsync() => CreateAsync(template: "template0");

    /// <summary>Ends whatever is still connected, then drops the database.</summary>
    public async ValueTask DisposeAsync()
    {
        await using (var connection = new NpgsqlConnection(ConnectionString))
        {
            NpgsqlConnection.ClearPool(connection);
        }

        await PostgresServer.ExecuteAsync($"DROP DATABASE IF EXISTS {Name} WITH (FORCE)");
    }

    internal static async Task<TestDatabase> CreateAsync(string template)
    {
        var name = NewName("test");
        await PostgresServer.ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {template}");
        return new TestDatabase(name, await PostgresServer.GetConnectionStringAsync(name));
    }

    /// <summary>Several test processes may share one given server, so names never repeat.</summary>
    internal static string NewName(string kind) => $"ledger_{kind}_{Guid.NewGuid():N}";
}
