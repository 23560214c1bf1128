using Npgsql;

namespace Ledger.Clients.Tests;

public sealed class RegisteringClientsTests(ClientsDatabase database) : IClassFixture<ClientsDatabase>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_client_is_found_by_its_secret_and_its_API_key()
    {
        var tenant = await database.Registry.CreateTenantAsync("Acme", "org-7", cancellationToken: Cancelled);
        var issued = (await database.Registry.CreateClientAsync(tenant.TenantId, "connector", "erp", LedgerScopes.ExportsRead | LedgerScopes.AuditRead, Cancelled))!;
        var expected = new ClientIdentity(issued.Client.ClientId, tenant.TenantId, "org-7", "erp", LedgerScopes.ExportsRead | LedgerScopes.AuditRead, ExpiresIn: null);
        (await database.Lookup.FindBySecretAsync(issued.Client.ClientId, new(issued.Secret), Cancelled)).ShouldBe(expected);
        (await database.Lookup.FindByApiKeyAsync(new(issued.ApiKey), Cancelled)).ShouldBe(expected);
        (await database.Registry.ListAsync(tenant.TenantId, Cancelled)).ShouldBe([issued.Client]);
        (await database.Registry.ListTenantsAsync(Cancelled)).ShouldContain(tenant);
        (await database.Registry.ListAsync(cancellationToken: Cancelled)).ShouldContain(issued.Client);
    }

    [Fact]
    public async Task A_credential_opens_nothing_but_its_own_kind()
    {
        var issued = await database.CreateClientAsync();
        var other = await database.CreateClientAsync();
        (await database.Lookup.FindBySecretAsync(issued.Client.ClientId, new(other.Secret), Cancelled)).ShouldBeNull();
        (await database.Lookup.FindBySecretAsync(issued.Client.ClientId, new(issued.ApiKey), Cancelled)).ShouldBeNull();
        (await database.Lookup.FindBySecretAsync("nobody", new(issued.Secret), Cancelled)).ShouldBeNull();
        (await database.Lookup.FindByApiKeyAsync(new(issued.Secret), Cancelled)).ShouldBeNull();
        (await database.Lookup.FindByTokenAsync(new(issued.ApiKey), Cancelled)).ShouldBeNull();
    }

    [Fact]
    public async Task Nothing_that_was_shown_is_in_the_database()
    {
        var issued = await database.CreateClientAsync();
        var token = (await database.Tokens.IssueAsync(issued.Client.ClientId, LedgerScopes.All, Cancelled))!;
        var dump = await database.ScalarAsync<string>("""
            select string_agg(r, ' ') from (select c::text r from ledger.clients c union all select k::text from ledger.api_keys k
            union all select t::text from ledger.access_tokens t) rows
            """);
        dump.ShouldContain(issued.Client.ClientId);
        foreach (var shown in (string[])[issued.Secret, issued.ApiKey, token])
        {
            dump.ShouldNotContain(shown);
            dump.ShouldNotContain(Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(shown)));
        }
        issued.ToString().ShouldNotContain(issued.Secret);
    }

    [Fact]
    public async Task Revoking_ends_every_credential_and_stays()
    {
        var issued = await database.CreateClientAsync();
        var id = issued.Client.ClientId;
        var token = (await database.Tokens.IssueAsync(id, LedgerScopes.All, Cancelled))!;
        (await database.Registry.RevokeAsync(id, Cancelled)).ShouldBeTrue();
        var revokedAt = (await database.Registry.ListAsync(issued.Client.TenantId, Cancelled)).Single().RevokedAt;
        (await database.Registry.RevokeAsync(id, Cancelled)).ShouldBeTrue();

        (await database.Registry.ListAsync(issued.Client.TenantId, Cancelled)).Single().RevokedAt.ShouldBe(revokedAt.ShouldNotBeNull());
        (await database.Lookup.FindBySecretAsync(id, new(issued.Secret), Cancelled)).ShouldBeNull();
        (await database.Lookup.FindByApiKeyAsync(new(issued.ApiKey), Cancelled)).ShouldBeNull();
        (await database.Lookup.FindByTokenAsync(new(token), Cancelled)).ShouldBeNull();
        (await database.Tokens.IssueAsync(id, LedgerScopes.All, Cancelled)).ShouldBeNull();
        (await database.Registry.RotateAsync(id, Cancelled)).ShouldBeNull();
        (await database.Registry.RevokeAsync("nobody", Cancelled)).ShouldBeFalse();
    }

    [Fact]
    public async Task Rotating_ends_the_old_credentials_and_tokens()
    {
        var old = await database.CreateClientAsync();
        var id = old.Client.ClientId;
        var token = (await database.Tokens.IssueAsync(id, LedgerScopes.All, Cancelled))!;
        var fresh = (await database.Registry.RotateAsync(id, Cancelled))!;

        fresh.Client.ShouldBe(old.Client);
        (await database.Lookup.FindBySecretAsync(id, new(old.Secret), Cancelled)).ShouldBeNull();
        (await database.Lookup.FindByApiKeyAsync(new(old.ApiKey), Cancelled)).ShouldBeNull();
        (await database.Lookup.FindByTokenAsync(new(token), Cancelled)).ShouldBeNull();
        (await database.Lookup.FindBySecretAsync(id, new(fresh.Secret), Cancelled)).ShouldNotBeNull();
        (await database.Lookup.FindByApiKeyAsync(new(fresh.ApiKey), Cancelled)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Racing_rotations_leave_one_key_alive()
    {
        var id = (await database.CreateClientAsync()).Client.ClientId;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => database.Registry.RotateAsync(id, Cancelled)));
        (await database.ScalarAsync<long>($"select count(*) from ledger.api_keys where client_id = '{id}' and revoked_at is null")).ShouldBe(1);
    }

    [Fact]
    public async Task A_client_needs_a_tenant_and_a_tenant_id_is_a_UUID_used_once()
    {
        (await database.Registry.CreateClientAsync(Guid.NewGuid().ToString(), "x", "erp", LedgerScopes.All, Cancelled)).ShouldBeNull();
        var id = Guid.NewGuid();
        (await database.Registry.CreateTenantAsync("A", tenantId: id, cancellationToken: Cancelled)).OrganizationId.ShouldBe(id.ToString());
        (await Should.ThrowAsync<PostgresException>(() => database.Registry.CreateTenantAsync("B", tenantId: id, cancellationToken: Cancelled))).SqlState.ShouldBe("23505");
    }
}
