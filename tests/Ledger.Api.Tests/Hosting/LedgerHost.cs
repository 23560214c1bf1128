using Ledger.Api.Hosting;
using Ledger.Api.Tests.Hosting;
using Ledger.Clients;
using Ledger.EventStore;
using Ledger.EventStore.Migrations;
using Ledger.Testing.Postgres;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

[assembly: AssemblyFixture(typeof(LedgerHost))]

namespace Ledger.Api.Tests.Hosting;

/// <summary>
/// The real service over a real PostgreSQL, once per test assembly and started by the first test that asks. Each test
/// takes a tenant of its own: <c>public sealed class MarkingTests(LedgerHost host)</c>, then <c>var tenant = await host.NewTenantAsync();</c>.
/// Tenants never see each other, so tests may run side by side.
/// </summary>
/// <remarks>A test that has to set the time makes a host of its own: <c>await using var host = LedgerHost.WithClock(clock);</c></remarks>
public sealed class LedgerHost : IAsyncDisposable
{
    private static readonly DatabaseTemplate Migrated = new(async (connectionString, cancellationToken) =>
    {
        await using var dataSource = LedgerDataSource.Create(connectionString);
        await new Migrator(dataSource, LedgerServices.Migrations).MigrateAsync(cancellationToken);
    });

    private TimeProvider? _clock;
    private bool _overTheWire;
    private string _connection = "";
    private IReadOnlyDictionary<string, string> _settings = new Dictionary<string, string>();
    private readonly Lazy<Task<(TestDatabase Database, WebApplicationFactory<Program> Factory)>> _started;

    public LedgerHost() => _started = new(StartAsync);

    /// <summary>A host whose recorded times come from the clock; dispose it after the test.</summary>
    public static LedgerHost WithClock(TimeProvider clock) => new() { _clock = clock };

    /// <summary>A host that listens on a port of its own, for what only a real server shows; dispose it after the test.</summary>
    public static LedgerHost OverTheWire() => new() { _overTheWire = true };

    /// <summary>A host that is configured otherwise, <c>["Ledger:RequestBurst"] = "3"</c>; dispose it after the test.</summary>
    public static LedgerHost WithSettings(IReadOnlyDictionary<string, string> settings) => new() { _settings = settings };

    /// <summary>The same, with statements that wait for as long as the test holds what they need.</summary>
    public static LedgerHost WithPatience(IReadOnlyDictionary<string, string> settings) => new()
    {
        _settings = settings,
        _connection = ";Command Timeout=0;Options=-c lock_timeout=0 -c statement_timeout=0 -c idle_in_transaction_session_timeout=0",
    };

    /// <summary>A host whose connection string says more, <c>";Options=-c work_mem=1MB"</c>; dispose it after the test.</summary>
    public static LedgerHost WithConnection(string more) => new() { _connection = more };

    /// <summary>The running service's own parts, for arranging what no API can.</summary>
    public async Task<IServiceProvider> ServicesAsync() => (await _started.Value).Factory.Services;

    /// <summary>A client without credentials.</summary>
    public async Task<HttpClient> AnonymousAsync()
    {
        var factory = (await _started.Value).Factory;
        return _overTheWire ? factory.CreateClient() : factory.CreateClient(new() { AllowAutoRedirect = false, BaseAddress = new("http://ledger.test") });
    }

    /// <summary>A tenant nobody else uses, and its client with every scope.</summary>
    public async Task<TestTenant> NewTenantAsync(string systemId = "erp")
    {
        var registry = new ClientRegistry((await ServicesAsync()).GetRequiredService<Npgsql.NpgsqlDataSource>());
        var tenant = await registry.CreateTenantAsync("A test");
        return await TestTenant.OfAsync(this, registry, tenant.TenantId, systemId);
    }

    /// <summary>Ends the service and leaves its database until this is disposed, for what is done behind the service's back.</summary>
    /// <returns>The connection string.</returns>
    public async Task<string> StopAsync()
    {
        var (database, factory) = await _started.Value;
        await factory.DisposeAsync();
        return database.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_started.IsValueCreated) return;
        var (database, factory) = await _started.Value;
        await factory.DisposeAsync();
        await database.DisposeAsync();
    }

    private async Task<(TestDatabase, WebApplicationFactory<Program>)> StartAsync()
    {
        var database = await Migrated.CreateDatabaseAsync();
        var factory = new WebApplicationFactory<Program>().WithWebHostBuilder(builder => Configured(builder)
            .UseSetting("ConnectionStrings:Ledger", database.ConnectionString + _connection)
            .UseSetting("Ledger:Demo", "true")
            .UseSetting("Ledger:DemoRecords", "false")
            .UseSetting("urls", "http://127.0.0.1:0")   // a free port; without it every real server would want 5000
            .UseSetting("Ledger:WebhooksAllowPrivate", "true")
            .UseSetting("Ledger:DrainSeconds", "0")
            .ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Warning))
            .ConfigureTestServices(services =>
            {
                if (_clock is { } clock) services.AddSingleton(new RecordedClock(clock));
            }));
        if (_overTheWire) factory.UseKestrel();
        factory.StartServer();
        return (database, factory);
    }

    private IWebHostBuilder Configured(IWebHostBuilder builder) => _settings.Aggregate(builder, (configured, setting) => configured.UseSetting(setting.Key, setting.Value));
}
