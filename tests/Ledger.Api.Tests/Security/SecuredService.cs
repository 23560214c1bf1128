using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Ledger.Api.Errors;
using Ledger.Api.Security;
using Ledger.Api.Tests.Errors;
using Ledger.Clients;
using Ledger.EventStore;
using Ledger.EventStore.Migrations;
using Ledger.Testing.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Ledger.Api.Tests.Security;

/// <summary>A real Kestrel and PostgreSQL with the security of the product and a few routes to knock at; it logs everything there is.</summary>
public sealed class SecuredService : IAsyncLifetime
{
    private static readonly DatabaseTemplate Template = new(async (connectionString, cancellationToken) =>
    {
        await using var dataSource = LedgerDataSource.Create(connectionString);
        await new Migrator(dataSource, [.. Migration.EventStore, .. ClientsSchema.Migrations]).MigrateAsync(cancellationToken);
        await DemoClients.EnsureDemoAsync(dataSource, cancellationToken);
    });

    private TestDatabase? _database;
    private WebApplication? _app;

    public HttpClient Http { get; private set; } = new();
    public LogRecorder Log { get; } = new();
    public AdjustableTime Time { get; } = new();
    public NpgsqlDataSource DataSource { get; private set; } = null!;
    public IServiceProvider Services => _app!.Services;
    public ClientRegistry Registry => Services.GetRequiredService<ClientRegistry>();
    public AccessTokens Tokens => Services.GetRequiredService<AccessTokens>();

    public async ValueTask InitializeAsync()
    {
        _database = await Template.CreateDatabaseAsync();
        DataSource = LedgerDataSource.Create(_database.ConnectionString);
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(Log).SetMinimumLevel(LogLevel.Trace);
        builder.Services.Configure<LoggerFilterOptions>(filter => filter.Rules.Clear());   // whatever appsettings.json keeps quiet
        builder.Services.AddSingleton(DataSource).AddSingleton<TimeProvider>(Time).AddLedgerErrors();
        builder.AddLedgerSecurity();
        _app = builder.Build();
        _app.UseLedgerErrors();
        _app.UseLedgerSecurity();
        _app.MapOAuth();
        var routes = _app.MapGroup("/acme").WithErrorShape(AcmeErrors.Shape);
        routes.MapGet("/read", (LedgerClient client) => Results.Json(new { client.ClientId, client.TenantId, client.OrganizationId, client.SystemId, scopes = client.Scopes })).RequireScope("exports:read");
        routes.MapPost("/write", () => "done").RequireScope("accounting.record.write");
        routes.MapGet("/either", () => "done").RequireScope("accounting.record.read", "accounting.record.write");
        routes.MapGet("/by-query", (LedgerClient client) => client.ClientId).RequireScope("exports:read").AcceptAccessTokenInQuery();
        routes.MapGet("/forgotten", () => "nobody said who may");
        routes.MapGet("/open", (HttpContext context) => LedgerClient.Of(context)?.ClientId ?? "anybody").AllowAnonymous();
        await _app.StartAsync();
        var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 };
        Http = new HttpClient(handler) { BaseAddress = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app!.DisposeAsync();
        await DataSource.DisposeAsync();
        await _database!.DisposeAsync();
        Log.Dispose();
    }

    public static string Basic(string user, string password = "") => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    public async Task<(int Status, string Body, HttpResponseHeaders Headers)> SendAsync(HttpMethod method, string path, string? authorization = null, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization).ShouldBeTrue();
        using var answer = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), answer.Headers);
    }

    public Task<(int Status, string Body, HttpResponseHeaders Headers)> GetAsync(string path, string? authorization = null) => SendAsync(HttpMethod.Get, path, authorization);

    public async Task<(int Status, JsonElement Json, HttpResponseHeaders Headers)> PostFormAsync(string path, string form, string? authorization = null)
    {
        using var content = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded");
        var (status, body, headers) = await SendAsync(HttpMethod.Post, path, authorization, content);
        return (status, body.Length == 0 ? default : JsonDocument.Parse(body).RootElement, headers);
    }

    /// <summary>A client of a tenant of its own.</summary>
    public async Task<IssuedCredentials> CreateClientAsync(LedgerScopes scopes = LedgerScopes.All)
    {
        var tenant = await Registry.CreateTenantAsync("Acme", "org-9");
        return (await Registry.CreateClientAsync(tenant.TenantId, "connector", "erp", scopes))!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private sealed class AcmeErrors() : ErrorShape("/acme")
    {
        public static readonly AcmeErrors Shape = new();

        protected override void WriteBody(Utf8JsonWriter json, Fault fault, int status, string correlationId)
        {
            json.WriteStartObject();
            json.WriteString("acme_code", fault.Code);
            json.WriteString("acme_text", fault.Message);
            json.WriteEndObject();
        }
    }
}

/// <summary>The system's clock, and a hand to push it on.</summary>
public sealed class AdjustableTime : TimeProvider
{
    private TimeSpan _ahead;

    public void Advance(TimeSpan by) => _ahead += by;

    public override long GetTimestamp() => base.GetTimestamp() + (long)(_ahead.TotalSeconds * TimestampFrequency);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _ahead;
}
