using System.Net.Http.Headers;
using System.Text;
using Ledger.Api.Commands;
using Ledger.Clients;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Ledger.Api.Tests.Hosting;

/// <summary>One tenant of the <see cref="LedgerHost"/>, seen by its clients.</summary>
public sealed class TestTenant
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly LedgerHost _host;
    private readonly ClientRegistry _registry;

    private TestTenant(LedgerHost host, ClientRegistry registry, string id, IssuedCredentials credentials, HttpClient http) =>
        (_host, _registry, Id, Credentials, Http) = (host, registry, id, credentials, http);

    public string Id { get; }

    /// <summary>Client id, secret and API key of the client behind <see cref="Http"/>.</summary>
    public IssuedCredentials Credentials { get; }

    /// <summary>Signed in with every scope.</summary>
    public HttpClient Http { get; }

    /// <summary>For commands run directly, past the API.</summary>
    public CommandContext Context => new(Id, Credentials.Client.ClientId, "native", Guid.CreateVersion7().ToString());

    internal static async Task<TestTenant> OfAsync(LedgerHost host, ClientRegistry registry, string id, string systemId)
    {
        var credentials = (await registry.CreateClientAsync(id, "A connector", systemId, LedgerScopes.All))!;
        return new(host, registry, id, credentials, WithApiKey(await host.AnonymousAsync(), credentials.ApiKey));
    }

    /// <summary>Another client of this tenant, with these scopes only.</summary>
    public async Task<HttpClient> SignInAsync(LedgerScopes scopes, string systemId = "erp")
    {
        var credentials = (await _registry.CreateClientAsync(Id, "Another connector", systemId, scopes))!;
        return WithApiKey(await _host.AnonymousAsync(), credentials.ApiKey);
    }

    /// <summary>Registers records by the command, whatever the state of the APIs; see <see cref="ARecord"/>.</summary>
    public async Task<IReadOnlyList<RegisteredRecord>> RegisterAsync(params IReadOnlyList<IncomingRecord> records) =>
        await (await _host.ServicesAsync()).GetRequiredService<RegisterRecords>().HandleAsync(Context, records, TestContext.Current.CancellationToken);

    /// <summary>Waits until every event of the tenant has its position.</summary>
    public async Task SealedAsync()
    {
        var dataSource = (await _host.ServicesAsync()).GetRequiredService<NpgsqlDataSource>();
        var deadline = DateTime.UtcNow + Patience;
        while (true)
        {
            await using var command = dataSource.CreateCommand(
                "select count(*) from ledger.mt_events e where tenant_id = $1 and not exists (select 1 from ledger.event_positions p where p.seq_id = e.seq_id)");
            command.Parameters.AddWithValue(Id);
            if (await command.ExecuteScalarAsync() is 0L) return;
            if (DateTime.UtcNow > deadline) throw new TimeoutException("The events are not sealed.");
            await Task.Delay(10);
        }
    }

    /// <summary>How many events the tenant has: nothing written means it did not change.</summary>
    public async Task<long> CountEventsAsync()
    {
        var dataSource = (await _host.ServicesAsync()).GetRequiredService<NpgsqlDataSource>();
        await using var command = dataSource.CreateCommand("select count(*) from ledger.mt_events where tenant_id = $1");
        command.Parameters.AddWithValue(Id);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>HTTP Basic with the key as user name and no password.</summary>
    public static HttpClient WithApiKey(HttpClient client, string apiKey)
    {
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{apiKey}:")));
        return client;
    }
}
