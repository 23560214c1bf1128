using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Ledger.Api.Security;
using Ledger.Api.Tests.Hosting;
using Ledger.Clients;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Api.Tests.Security;

/// <summary>The product as it starts, not a service made for tests.</summary>
public sealed class TheServiceTests(LedgerHost host)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("demo", "00000000-0000-4000-8000-000000000001")]
    [InlineData("other", "00000000-0000-4000-8000-000000000002")]
    public async Task Signs_the_demo_clients_in(string name, string tenantId)
    {
        var client = await host.AnonymousAsync();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["client_id"] = name, ["client_secret"] = $"{name}-secret",
        });
        using var answer = await client.PostAsync(new Uri("/oauth2/token", UriKind.Relative), form, Cancelled);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var token = (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("access_token").GetString()!;
        var lookup = (await host.ServicesAsync()).GetRequiredService<CredentialLookup>();
        (await lookup.FindByTokenAsync(new(token), Cancelled))!.TenantId.ShouldBe(tenantId);
    }

    /// <summary>Every route is either open on purpose or behind a scope, and then knocks back without and with a wrong credential.</summary>
    [Fact]
    public async Task Has_no_door_without_a_lock()
    {
        var routes = (await host.ServicesAsync()).GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        routes.ShouldNotBeEmpty();
        var open = routes.Where(route => route.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(route => route.RoutePattern.RawText!).ToList();
        open.Where(pattern => !pattern.StartsWith("/swagger", StringComparison.Ordinal)).ShouldBeSubsetOf(["/", "/health/live", "/health/ready", "/oauth2/token", "/oauth2/revoke"]);

        var closed = routes.Where(route => route.Metadata.GetMetadata<IAllowAnonymous>() is null).ToList();
        closed.Where(route => route.Metadata.GetMetadata<ScopeRequirement>() is null).Select(route => route.DisplayName)
            .ShouldBeEmpty("Each route says RequireScope or AllowAnonymous.");
        var client = await host.AnonymousAsync();
        foreach (var route in closed)
        {
            var method = route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0] ?? "GET";
            var path = AddressOf(route.RoutePattern);
            foreach (var authorization in (AuthenticationHeaderValue?[])[null, new("Bearer", "made-up"), AuthenticationHeaderValue.Parse(SecuredService.Basic("made-up"))])
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                request.Headers.Authorization = authorization;
                using var answer = await client.SendAsync(request, Cancelled);
                answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, $"{method} {path} with {authorization}");
            }
        }
    }

    private static string AddressOf(RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternParameterPart parameter when parameter.ParameterPolicies.Any(policy => policy.Content is "guid") => "00000000-0000-4000-8000-000000000001",
        _ => "1",
    }))));
}
