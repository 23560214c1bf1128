using System.Text.Json;
using Ledger.Api.Security;
using Ledger.Clients;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Api.Tests.Security;

public sealed class CallingWithCredentialsTests(SecuredService service) : IClassFixture<SecuredService>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_API_key_and_a_token_both_stand_for_their_client()
    {
        var issued = await service.CreateClientAsync(LedgerScopes.ExportsRead | LedgerScopes.AuditRead);
        var token = await service.Tokens.IssueAsync(issued.Client.ClientId, LedgerScopes.ExportsRead, Cancelled);
        foreach (var (authorization, scopes) in ((string, LedgerScopes)[])
            [($"Bearer {token}", LedgerScopes.ExportsRead), ($"bearer  {token} ", LedgerScopes.ExportsRead), (SecuredService.Basic(issued.ApiKey), issued.Client.Scopes)])
        {
            foreach (var _ in (int[])[1, 2])   // from the database, then from the cache
            {
                var (status, body, _) = await service.GetAsync("/acme/read", authorization);
                status.ShouldBe(200);
                var client = JsonDocument.Parse(body).RootElement;
                client.GetProperty("clientId").GetString().ShouldBe(issued.Client.ClientId);
                client.GetProperty("tenantId").GetString().ShouldBe(issued.Client.TenantId);
                client.GetProperty("organizationId").GetString().ShouldBe("org-9");
                client.GetProperty("systemId").GetString().ShouldBe("erp");
                client.GetProperty("scopes").GetInt32().ShouldBe((int)scopes);
            }
        }
    }

    [Fact]
    public async Task The_demo_clients_of_the_contract_get_in()
    {
        (await service.GetAsync("/acme/read", SecuredService.Basic("demo-key"))).Status.ShouldBe(200);
        (await service.GetAsync("/acme/read", SecuredService.Basic("other-key"))).Body.ShouldContain("00000000-0000-4000-8000-000000000002");
    }

    [Fact]
    public async Task Nothing_shown_is_401_with_a_challenge_in_the_shape_of_the_route()
    {
        var (status, body, headers) = await service.GetAsync("/acme/read");
        (status, body).ShouldBe((401, """{"acme_code":"unauthorized","acme_text":"A valid credential is needed."}"""));
        headers.WwwAuthenticate.Select(challenge => challenge.ToString()).ShouldBe(["Bearer realm=\"export-ledger\"", "Basic realm=\"export-ledger\""]);
    }

    [Fact]
    public async Task An_unknown_token_is_401_and_says_so()
    {
        var (status, body, headers) = await service.GetAsync("/acme/read", $"Bearer {Credential.NewToken()}");
        status.ShouldBe(401);
        body.ShouldContain("unknown, expired or revoked");
        headers.WwwAuthenticate.First().ToString().ShouldBe("Bearer realm=\"export-ledger\", error=\"invalid_token\"");
    }

    [Fact]
    public async Task A_missing_scope_is_403_and_names_it()
    {
        var reader = await service.CreateClientAsync(LedgerScopes.ExportsRead);
        var (status, body, headers) = await service.SendAsync(HttpMethod.Post, "/acme/write", SecuredService.Basic(reader.ApiKey));
        (status, body).ShouldBe((403, """{"acme_code":"forbidden","acme_text":"The credential lacks the scope accounting.record.write."}"""));
        headers.WwwAuthenticate.Single().ToString().ShouldBe("Bearer realm=\"export-ledger\", error=\"insufficient_scope\", scope=\"accounting.record.write\"");
    }

    [Theory]
    [InlineData(LedgerScopes.ExportsRead, 200, 403, 200)]
    [InlineData(LedgerScopes.ExportsWrite, 403, 200, 200)]
    [InlineData(LedgerScopes.ExportsRead | LedgerScopes.ExportsWrite, 200, 200, 200)]
    [InlineData(LedgerScopes.Admin | LedgerScopes.AuditRead | LedgerScopes.RecordsWrite, 403, 403, 403)]
    [InlineData(LedgerScopes.None, 403, 403, 403)]
    public async Task Scopes_open_exactly_their_routes(LedgerScopes scopes, int read, int write, int either)
    {
        var key = SecuredService.Basic((await service.CreateClientAsync(scopes)).ApiKey);
        (await service.GetAsync("/acme/read", key)).Status.ShouldBe(read);
        (await service.SendAsync(HttpMethod.Post, "/acme/write", key)).Status.ShouldBe(write);
        (await service.GetAsync("/acme/either", key)).Status.ShouldBe(either);
    }

    [Fact]
    public async Task A_route_that_says_nothing_is_closed()
    {
        (await service.GetAsync("/acme/forgotten")).Status.ShouldBe(401);
        (await service.GetAsync("/acme/forgotten", SecuredService.Basic("demo-key"))).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("GET", "/acme/open", 200)]
    [InlineData("GET", "/acme/nowhere", 404)]
    [InlineData("DELETE", "/acme/read", 405)]
    public async Task Open_and_unmatched_routes_ask_for_nothing(string method, string path, int status)
    {
        (await service.SendAsync(new HttpMethod(method), path)).Status.ShouldBe(status);
        (await service.SendAsync(new HttpMethod(method), path, "Basic nonsense")).Status.ShouldBe(status);
    }

    [Fact]
    public async Task A_token_in_the_query_counts_only_where_the_route_takes_it()
    {
        var token = await service.Tokens.IssueAsync("demo", LedgerScopes.ExportsRead, Cancelled);
        (await service.GetAsync($"/acme/by-query?access_token={token}")).Status.ShouldBe(200);
        (await service.GetAsync("/acme/by-query", $"Bearer {token}")).Status.ShouldBe(200);
        (await service.GetAsync($"/acme/read?access_token={token}")).Status.ShouldBe(401);
        (await service.GetAsync($"/acme/by-query?access_token={token}&access_token={token}")).Status.ShouldBe(401);
        (await service.GetAsync($"/acme/by-query?access_token={token}", $"Bearer {token}")).Status.ShouldBe(401);
        (await service.GetAsync("/acme/by-query?access_token=")).Status.ShouldBe(401);
        (await service.GetAsync("/acme/by-query?access_token=demo-key")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task A_client_secret_is_of_no_use_outside_the_token_endpoint()
    {
        var (status, body, _) = await service.GetAsync("/acme/read", SecuredService.Basic("demo", "demo-secret"));
        status.ShouldBe(401);
        body.ShouldContain("/oauth2/token");
        (await service.GetAsync("/acme/read", SecuredService.Basic("demo-key", "x"))).Status.ShouldBe(401);
    }

    [Fact]
    public async Task A_revocation_elsewhere_takes_effect_within_five_seconds()
    {
        var issued = await service.CreateClientAsync();
        var key = SecuredService.Basic(issued.ApiKey);
        (await service.GetAsync("/acme/read", key)).Status.ShouldBe(200);
        await new ClientRegistry(service.DataSource).RevokeAsync(issued.Client.ClientId, Cancelled);
        service.Time.Advance(CredentialCache.Lifetime);
        (await service.GetAsync("/acme/read", key)).Status.ShouldBe(401);
    }

    [Fact]
    public async Task An_eviction_on_this_node_takes_effect_at_once()
    {
        var issued = await service.CreateClientAsync();
        var key = SecuredService.Basic(issued.ApiKey);
        (await service.GetAsync("/acme/read", key)).Status.ShouldBe(200);
        await service.Registry.RevokeAsync(issued.Client.ClientId, Cancelled);
        service.Services.GetRequiredService<CredentialCache>().Evict(issued.Client.ClientId);
        (await service.GetAsync("/acme/read", key)).Status.ShouldBe(401);
    }

    [Fact]
    public async Task A_cached_token_does_not_outlive_its_expiry()
    {
        var token = await service.Tokens.IssueAsync("demo", LedgerScopes.ExportsRead, Cancelled);
        var left = CredentialCache.Lifetime - TimeSpan.FromMilliseconds(100);
        await ExpireInAsync(token!, left);
        (await service.GetAsync("/acme/read", $"Bearer {token}")).Status.ShouldBe(200);
        await ExpireInAsync(token!, TimeSpan.Zero);
        (await service.GetAsync("/acme/read", $"Bearer {token}")).Status.ShouldBe(200);   // the cache still answers
        service.Time.Advance(left);
        (await service.GetAsync("/acme/read", $"Bearer {token}")).Status.ShouldBe(401);
    }

    private async Task ExpireInAsync(string token, TimeSpan left)
    {
        await using var command = service.DataSource.CreateCommand("update ledger.access_tokens set expires_at = now() + $2 where token_hash = $1");
        command.Parameters.Add(new() { Value = new CredentialHash(token).ToArray() });
        command.Parameters.Add(new() { Value = left });
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
