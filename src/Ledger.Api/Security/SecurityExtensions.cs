using Ledger.Api.Hosting;
using Ledger.Api.Security.OAuth;
using Ledger.Clients;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Ledger.Api.Security;

public static class SecurityExtensions
{
    /// <summary>Needs an <c>NpgsqlDataSource</c> among the services.</summary>
    public static WebApplicationBuilder AddLedgerSecurity(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => LedgerOptions.From(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<ClientRegistry>().AddSingleton<CredentialLookup>().AddSingleton<AccessTokens>();
        services.AddSingleton<CredentialCache>().AddSingleton<FailedSignIns>().AddSingleton<ClientSignIn>().AddSingleton<RequestRates>();
        services.AddHostedService<ExpiredTokenPurge>();
        services.AddAuthentication(ClientAuthenticationHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ClientAuthenticationHandler>(ClientAuthenticationHandler.SchemeName, null);
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicy([new ClosedByDefault()], []));
        services.AddSingleton<IAuthorizationHandler, ScopeRequirementHandler>();
        // The host's own line for every request carries the query string, which one dialect allows to hold a token.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        // Two lines per refused request would let anybody fill the disk.
        builder.Logging.AddFilter(typeof(ClientAuthenticationHandler).FullName, LogLevel.Warning);
        return builder;
    }

    /// <summary>Goes after <c>UseLedgerErrors</c>, which answers when the database is away.</summary>
    public static IApplicationBuilder UseLedgerSecurity(this IApplicationBuilder app) => app.UseAuthentication().UseMiddleware<RequestRateMiddleware>().UseAuthorization();

    /// <summary><c>POST /oauth2/token</c> and <c>POST /oauth2/revoke</c>.</summary>
    public static IEndpointRouteBuilder MapOAuth(this IEndpointRouteBuilder routes)
    {
        TokenEndpoint.Map(routes);
        RevocationEndpoint.Map(routes);
        return routes;
    }

    /// <summary>The endpoints need a credential with any one of these scopes. On a group and on its endpoint, both must be met.</summary>
    /// <param name="anyOf">Names of <see cref="ScopeAliases"/>; an unknown one fails at start.</param>
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, params string[] anyOf) where TBuilder : IEndpointConventionBuilder
    {
        var requirement = new ScopeRequirement(anyOf);
        builder.Add(endpoint => endpoint.Metadata.Add(requirement));
        return builder.RequireAuthorization(new AuthorizationPolicy([requirement], []));
    }

    /// <summary>These endpoints take <c>?access_token=</c>, too.</summary>
    public static TBuilder AcceptAccessTokenInQuery<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(new AccessTokenInQuery()));
        return builder;
    }
}

/// <summary>Endpoint metadata of <see cref="SecurityExtensions.AcceptAccessTokenInQuery"/>.</summary>
internal sealed class AccessTokenInQuery;
