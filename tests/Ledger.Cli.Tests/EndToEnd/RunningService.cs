using System.Net;
using Ledger.Api.Hosting;
using Ledger.Cli.Tests.Database;
using Ledger.Testing.Postgres;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Ledger.Cli.Tests.EndToEnd;

/// <summary>The real service on a free port, over a database of its own, with the demo clients and no records.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    // Any public type of the service names its entry point; both programs have a class called Program.
    private readonly WebApplicationFactory<LedgerOptions> factory;
    private readonly TestDatabase database;

    private RunningService(TestDatabase database)
    {
        this.database = database;
        factory = new WebApplicationFactory<LedgerOptions>().WithWebHostBuilder(builder => builder
            .UseSetting("ConnectionStrings:Ledger", database.ConnectionString)
            .UseSetting("Ledger:Demo", "true")
            .UseSetting("Ledger:DemoRecords", "false")
            .ConfigureLogging(logging => logging.ClearProviders()));
        factory.UseKestrel(options => options.Listen(IPAddress.Loopback, 0));
        factory.StartServer();
    }

    public string Url => factory.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public string ConnectionString => database.ConnectionString;

    public static async Task<RunningService> StartAsync() => new(await LedgerDatabase.CreateAsync());

    public async Task<T> AskAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        await factory.DisposeAsync();
        await database.DisposeAsync();
    }
}
