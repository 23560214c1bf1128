namespace Ledger.Clients.Tests;

public sealed class DemoClientsTests(ClientsDatabase database) : IClassFixture<ClientsDatabase>
{
    [Fact]
    public async Task Are_the_two_of_the_contract_also_after_many_starts_at_once()
    {
        var cancelled = TestContext.Current.CancellationToken;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => DemoClients.EnsureDemoAsync(database.DataSource, cancelled)));
        await DemoClients.EnsureDemoAsync(database.DataSource, cancelled);

        foreach (var (name, tenant) in ((string, string)[])[("demo", "00000000-0000-4000-8000-000000000001"), ("other", "00000000-0000-4000-8000-000000000002")])
        {
            var expected = new ClientIdentity(name, tenant, $"org_{name}", "erp", LedgerScopes.All, ExpiresIn: null);
            (await database.Lookup.FindBySecretAsync(name, new($"{name}-secret"), cancelled)).ShouldBe(expected);
            (await database.Lookup.FindByApiKeyAsync(new($"{name}-key"), cancelled)).ShouldBe(expected);
        }
        (await database.Registry.ListAsync(cancellationToken: cancelled)).Count.ShouldBe(2);
    }
}
