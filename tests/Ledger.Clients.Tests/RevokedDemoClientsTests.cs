namespace Ledger.Clients.Tests;

public sealed class RevokedDemoClientsTests(ClientsDatabase database) : IClassFixture<ClientsDatabase>
{
    [Fact]
    public async Task Stay_revoked()
    {
        var cancelled = TestContext.Current.CancellationToken;
        await DemoClients.EnsureDemoAsync(database.DataSource, cancelled);
        await database.Registry.RevokeAsync("other", cancelled);
        await DemoClients.EnsureDemoAsync(database.DataSource, cancelled);
        (await database.Lookup.FindByApiKeyAsync(new("other-key"), cancelled)).ShouldBeNull();
    }
}
