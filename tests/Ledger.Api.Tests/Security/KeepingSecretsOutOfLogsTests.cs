using Ledger.Clients;

namespace Ledger.Api.Tests.Security;

public sealed class KeepingSecretsOutOfLogsTests(SecuredService service) : IClassFixture<SecuredService>
{
    [Fact]
    public async Task No_credential_is_in_any_log_line_of_any_level()
    {
        var cancelled = TestContext.Current.CancellationToken;
        var issued = await service.CreateClientAsync();
        var token = (await service.Tokens.IssueAsync(issued.Client.ClientId, LedgerScopes.All, cancelled))!;
        var basic = SecuredService.Basic(issued.Client.ClientId, issued.Secret);
        var (_, json, _) = await service.PostFormAsync("/oauth2/token", "grant_type=client_credentials", basic);
        var signedIn = json.GetProperty("access_token").GetString()!;
        await service.PostFormAsync("/oauth2/token", $"grant_type=client_credentials&client_id={issued.Client.ClientId}&client_secret={issued.Secret}x");
        await service.PostFormAsync("/oauth2/revoke", $"token={signedIn}", basic);
        await service.GetAsync("/acme/read", $"Bearer {signedIn}");
        await service.GetAsync("/acme/read", $"Bearer {token}");
        await service.GetAsync("/acme/read", $"Bearer {token} {token}");
        await service.GetAsync("/acme/read", SecuredService.Basic(issued.ApiKey));
        await service.GetAsync("/acme/read", basic);
        await service.GetAsync($"/acme/by-query?access_token={token}");
        await service.GetAsync($"/acme/nowhere?access_token={token}");
        // The log is complete once the line of a later request is in it.
        await service.GetAsync("/acme/nowhere-else");

        service.Log.Lines.ShouldContain(line => line.Text.Contains("/acme/nowhere-else"));
        string[] shown = [issued.Secret, issued.ApiKey, token, signedIn, basic["Basic ".Length..], SecuredService.Basic(issued.ApiKey)["Basic ".Length..]];
        service.Log.Lines.Where(line => shown.Any(secret => line.Text.Contains(secret))).ShouldBeEmpty();
    }
}
