using Ledger.Clients;

namespace Ledger.Api.Tests.Security;

public sealed class RevokingTokensTests(SecuredService service) : IClassFixture<SecuredService>
{
    private static readonly string DemoBasic = SecuredService.Basic("demo", "demo-secret");
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_revoked_token_is_refused_at_once_though_it_was_cached()
    {
        var token = await IssueAsync();
        (await service.GetAsync("/acme/read", $"Bearer {token}")).Status.ShouldBe(200);
        (await service.PostFormAsync("/oauth2/revoke", $"token={token}&token_type_hint=access_token", DemoBasic)).Status.ShouldBe(200);
        (await service.GetAsync("/acme/read", $"Bearer {token}")).Status.ShouldBe(401);
        (await service.PostFormAsync("/oauth2/revoke", $"token={token}", DemoBasic)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_revocation_beats_lookups_in_flight()
    {
        for (var round = 0; round < 20; round++)
        {
            var token = await IssueAsync();
            var readers = Enumerable.Range(0, 8).Select(_ => service.GetAsync("/acme/read", $"Bearer {token}")).ToList();
            (await service.PostFormAsync("/oauth2/revoke", $"token={token}", DemoBasic)).Status.ShouldBe(200);
            (await service.GetAsync("/acme/read", $"Bearer {token}")).Status.ShouldBe(401);
            await Task.WhenAll(readers);
            (await service.GetAsync("/acme/read", $"Bearer {token}")).Status.ShouldBe(401);
        }
    }

    [Fact]
    public async Task Another_clients_token_stays_alive_and_the_answer_tells_nothing()
    {
        var token = await IssueAsync();
        (await service.PostFormAsync("/oauth2/revoke", $"token={token}", SecuredService.Basic("other", "other-secret"))).Status.ShouldBe(200);
        (await service.PostFormAsync("/oauth2/revoke", $"token={Credential.NewToken()}", DemoBasic)).Status.ShouldBe(200);
        (await service.PostFormAsync("/oauth2/revoke", $"token={new string('x', 5000)}", DemoBasic)).Status.ShouldBe(200);
        (await service.GetAsync("/acme/read", $"Bearer {token}")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Needs_a_token_and_a_client()
    {
        var token = await IssueAsync();
        var (status, json, _) = await service.PostFormAsync("/oauth2/revoke", "token=", DemoBasic);
        (status, json.GetProperty("error").GetString()).ShouldBe((400, "invalid_request"));
        (await service.PostFormAsync("/oauth2/revoke", $"token={token}")).Status.ShouldBe(401);
        (await service.PostFormAsync("/oauth2/revoke", $"token={token}", SecuredService.Basic("demo", "wrong"))).Status.ShouldBe(401);
        (await service.PostFormAsync("/oauth2/revoke", $"token={token}", $"Bearer {token}")).Status.ShouldBe(401);
        (await service.GetAsync("/acme/read", $"Bearer {token}")).Status.ShouldBe(200);
    }

    private async Task<string> IssueAsync() => (await service.Tokens.IssueAsync("demo", LedgerScopes.ExportsRead, Cancelled)).ShouldNotBeNull();
}
