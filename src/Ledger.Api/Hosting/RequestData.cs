using Ledger.EventStore;
using Ledger.EventStore.Migrations;
using Npgsql;

namespace Ledger.Api.Hosting;

/// <summary>
/// Where requests read and write: as a role that sees one tenant's rows only (docs/adr/0020). What crosses tenants, sealing for example, and sign-in,
/// which looks for the tenant, go through the owner's data source. Both share the connections the connection string allows, half and half.
/// </summary>
internal sealed class RequestData(NpgsqlDataSource owner, IConfiguration configuration, LedgerOptions options) : IAsyncDisposable
{
    private NpgsqlDataSource? _requests;

    /// <summary>Why row-level security is not in force; null: it is.</summary>
    public string? Reason { get; private set; } = "The service has not started yet.";

    /// <summary>The owner's where row-level security is not in force.</summary>
    public NpgsqlDataSource DataSource => _requests ?? owner;

    /// <exception cref="SettingException">It is required and cannot be had.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        Reason = options.RowSecurity == RowSecurityMode.Off ? "Ledger:RowSecurity is off." : await RowSecurity.PrepareAsync(owner, cancellationToken);
        if (Reason is null) _requests = LedgerDataSource.CreateForRequests(ConnectionString(configuration));
        else if (options.RowSecurity == RowSecurityMode.Required) throw new SettingException($"Ledger:RowSecurity is required and not in force. {Reason}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_requests is not null) await _requests.DisposeAsync();
    }

    /// <summary>With half of its connections: there are two pools.</summary>
    public static string ConnectionString(IConfiguration configuration)
    {
        if (configuration.GetConnectionString("Ledger") is not { Length: > 0 } given)
            throw new SettingException("ConnectionStrings:Ledger is not set: give the PostgreSQL connection string, for example in the environment variable ConnectionStrings__Ledger.");
        var settings = new NpgsqlConnectionStringBuilder(given);
        settings.MaxPoolSize = Math.Max(1, settings.MaxPoolSize / 2);
        settings.MinPoolSize = Math.Min(settings.MinPoolSize, settings.MaxPoolSize);
        return settings.ConnectionString;
    }
}

internal static class RequestDataExtensions
{
    /// <summary>One for all requests, over the data source of requests: every statement of <typeparamref name="T"/> names its tenant (<see cref="Tenancy"/>).</summary>
    public static IServiceCollection AddForRequests<T>(this IServiceCollection services) where T : class =>
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<T>(provider, provider.GetRequiredService<RequestData>().DataSource));
}
