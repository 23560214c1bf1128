namespace Ledger.Clients.Tests;

public sealed class IssuingTokensTests(ClientsDatabase database) : IClassFixture<ClientsDatabase>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_carries_its_own_scopes_for_an_hour()
    {
        var client = (await database.CreateClientAsync()).Client;
        var token = (await database.Tokens.IssueAsync(client.ClientId, LedgerScopes.ExportsRead, Cancelled))!;
        token.ShouldMatch("^[A-Za-z0-9_-]{43}$");
        var identity = (await database.Lookup.FindByTokenAsync(new(token), Cancelled))!;
        (identity.ClientId, identity.TenantId, identity.Scopes).ShouldBe((client.ClientId, client.TenantId, LedgerScopes.ExportsRead));
        identity.ExpiresIn!.Value.ShouldBeInRange(TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));
    }

    [Fact]
    public void Tokens_and_secrets_never_repeat() => Enumerable.Range(0, 1000)
        .SelectMany(_ => (string[])[Credential.NewToken(), Credential.NewSecret(), Credential.NewApiKey()]).Distinct().Count().ShouldBe(3000);

    [Fact]
    public async Task An_expired_token_is_unknown_and_gets_purged()
    {
        var client = (await database.CreateClientAsync()).Client;
        var expired = (await database.Tokens.IssueAsync(client.ClientId, LedgerScopes.All, Cancelled))!;
        var alive = (await database.Tokens.IssueAsync(client.ClientId, LedgerScopes.All, Cancelled))!;
        await ExpireAsync(expired);
        (await database.Lookup.FindByTokenAsync(new(expired), Cancelled)).ShouldBeNull();
        (await database.Tokens.PurgeExpiredAsync(Cancelled)).ShouldBe(1);
        (await database.Lookup.FindByTokenAsync(new(alive), Cancelled)).ShouldNotBeNull();
        (await database.Tokens.PurgeExpiredAsync(Cancelled)).ShouldBe(0);
    }

    [Fact]
    public async Task A_client_revokes_its_own_tokens_only()
    {
        var (owner, stranger) = ((await database.CreateClientAsync()).Client, (await database.CreateClientAsync()).Client);
        var token = (await database.Tokens.IssueAsync(owner.ClientId, LedgerScopes.All, Cancelled))!;
        (await database.Tokens.RevokeAsync(new(token), stranger.ClientId, Cancelled)).ShouldBeFalse();
        (await database.Lookup.FindByTokenAsync(new(token), Cancelled)).ShouldNotBeNull();
        (await database.Tokens.RevokeAsync(new(token), owner.ClientId, Cancelled)).ShouldBeTrue();
        (await database.Lookup.FindByTokenAsync(new(token), Cancelled)).ShouldBeNull();
        (await database.Tokens.RevokeAsync(new(token), owner.ClientId, Cancelled)).ShouldBeFalse();
    }

    private async Task ExpireAsync(string token)
    {
        await using var command = database.DataSource.CreateCommand("update ledger.access_tokens set expires_at = now() where token_hash = $1");
        command.Parameters.Add(new() { Value = new CredentialHash(token).ToArray() });
        (await command.ExecuteNonQueryAsync(Cancelled)).ShouldBe(1);
    }
}
