using System.Text.Json;
using Ledger.Api.Security.OAuth;
using Ledger.Clients;

namespace Ledger.Api.Tests.Security;

public sealed class SigningInTests(SecuredService service) : IClassFixture<SecuredService>
{
    private const string Grant = "grant_type=client_credentials";
    private const string DemoForm = $"{Grant}&client_id=demo&client_secret=demo-secret";
    private static readonly string DemoBasic = SecuredService.Basic("demo", "demo-secret");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_secret_by_Basic_or_by_form_gives_a_token_that_works(bool basic)
    {
        var (status, json, headers) = await service.PostFormAsync("/oauth2/token", basic ? Grant : DemoForm, basic ? DemoBasic : null);
        status.ShouldBe(200);
        json.GetProperty("token_type").GetString().ShouldBe("Bearer");
        json.GetProperty("expires_in").GetInt32().ShouldBe(3600);
        json.GetProperty("scope").GetString().ShouldBe("records:write exports:read exports:write audit:read admin");
        headers.CacheControl!.NoStore.ShouldBeTrue();
        headers.Pragma.Single().Name.ShouldBe("no-cache");
        (await service.GetAsync("/acme/read", $"Bearer {json.GetProperty("access_token").GetString()}")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("exports:read", "exports:read", 200, 403)]
    [InlineData("export-jobs:write", "export-jobs:write", 403, 200)]
    [InlineData("accounting.record.write", "accounting.record.write", 200, 200)]
    [InlineData("openid offline_access accounting.record.read", "accounting.record.read", 200, 403)]
    [InlineData("exports:read  exports:read export-items:read", "exports:read export-items:read", 200, 403)]
    [InlineData("openid", "records:write exports:read exports:write audit:read admin", 200, 200)]
    [InlineData("", "records:write exports:read exports:write audit:read admin", 200, 200)]
    public async Task A_token_does_what_was_asked_for_and_no_more(string asked, string answered, int read, int write)
    {
        var (_, json, _) = await service.PostFormAsync("/oauth2/token", $"{Grant}&scope={Uri.EscapeDataString(asked)}", DemoBasic);
        json.GetProperty("scope").GetString().ShouldBe(answered);
        var bearer = $"Bearer {json.GetProperty("access_token").GetString()}";
        (await service.GetAsync("/acme/read", bearer)).Status.ShouldBe(read);
        (await service.SendAsync(HttpMethod.Post, "/acme/write", bearer)).Status.ShouldBe(write);
    }

    [Fact]
    public async Task A_client_never_gets_more_than_it_owns()
    {
        var issued = await service.CreateClientAsync(LedgerScopes.ExportsWrite);
        var basic = SecuredService.Basic(issued.Client.ClientId, issued.Secret);
        (await Error($"{Grant}&scope=exports:read", basic)).ShouldBe((400, "invalid_scope"));
        (await Error($"{Grant}&scope=exports:write+admin", basic)).ShouldBe((400, "invalid_scope"));
        var (_, json, _) = await service.PostFormAsync("/oauth2/token", $"{Grant}&scope=accounting.record.write", basic);
        (await service.GetAsync("/acme/read", $"Bearer {json.GetProperty("access_token").GetString()}")).Status.ShouldBe(403);
    }

    [Theory]
    [InlineData("", 400, "invalid_request")]
    [InlineData("grant_type=", 400, "invalid_request")]
    [InlineData("grant_type=password&username=a&password=b", 400, "unsupported_grant_type")]
    [InlineData(Grant + "&" + Grant, 400, "invalid_request")]
    [InlineData(Grant + "&client_id=demo&client_secret=demo-secret", 400, "invalid_request")]   // two ways at once
    [InlineData(Grant + "&client_id=other", 400, "invalid_request")]
    [InlineData(Grant + "&scope=root", 400, "invalid_scope")]
    [InlineData(Grant + "&scope=exports:read+nothing", 400, "invalid_scope")]
    [InlineData(Grant + "&scope=%FF", 400, "invalid_scope")]
    [InlineData(Grant + "&scope=%00", 400, "invalid_request")]
    public async Task Wrong_requests_get_the_errors_of_RFC_6749(string form, int status, string error) => (await Error(form, DemoBasic)).ShouldBe((status, error));

    [Theory]
    [InlineData("Basic")]
    [InlineData("Basic !!!")]
    [InlineData("Basic ZGVtbw==")]   // demo, no colon
    [InlineData("Basic ZGVtbzpkZW1vLXNlY3JldA")]   // padding missing
    [InlineData("Bearer demo-secret")]
    [InlineData("Basic ZGVtbzp3cm9uZw==")]   // demo:wrong
    [InlineData("Basic ZGVtbzo=")]   // demo:
    [InlineData("Basic OmRlbW8tc2VjcmV0")]   // :demo-secret
    [InlineData("Basic ZGVtby1rZXk6")]   // demo-key:
    [InlineData("Basic JTAwOng=")]   // %00:x
    public async Task Wrong_credentials_are_invalid_client_with_a_challenge(string authorization)
    {
        var (status, json, headers) = await service.PostFormAsync("/oauth2/token", Grant, authorization);
        (status, json.GetProperty("error").GetString()).ShouldBe((401, "invalid_client"));
        headers.WwwAuthenticate.Single().ToString().ShouldBe("Basic realm=\"export-ledger\"");
        headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Theory]
    [InlineData(Grant)]
    [InlineData(Grant + "&client_id=demo")]
    [InlineData(Grant + "&client_secret=demo-secret")]
    [InlineData(Grant + "&client_id=demo&client_secret=other-secret")]
    [InlineData(Grant + "&client_id=%FF%FE&client_secret=x")]
    public async Task Wrong_form_fields_are_invalid_client(string form) => (await Error(form, null)).ShouldBe((401, "invalid_client"));

    [Fact]
    public async Task Credentials_in_the_address_are_not_read() =>
        (await service.PostFormAsync($"/oauth2/token?{DemoForm}", Grant)).Status.ShouldBe(401);

    [Fact]
    public async Task Only_small_forms_are_read()
    {
        using var json = new StringContent("""{"grant_type":"client_credentials"}""", System.Text.Encoding.UTF8, "application/json");
        var (status, body, _) = await service.SendAsync(HttpMethod.Post, "/oauth2/token", DemoBasic, json);
        (status, JsonDocument.Parse(body).RootElement.GetProperty("error").GetString()).ShouldBe((400, "invalid_request"));
        (await service.PostFormAsync("/oauth2/token", $"{Grant}&x={new string('x', 20_000)}", DemoBasic)).Status.ShouldBe(413);
        (await Error($"{Grant}&{string.Join('&', Enumerable.Range(0, 100).Select(i => $"p{i}=1"))}", DemoBasic)).ShouldBe((400, "invalid_request"));
    }

    [Fact]
    public async Task Secrets_sent_form_encoded_inside_Basic_are_decoded()
    {
        var issued = await service.CreateClientAsync();
        var encoded = string.Concat(issued.Secret.Select(character => $"%{(int)character:X2}"));
        (await service.PostFormAsync("/oauth2/token", Grant, SecuredService.Basic(issued.Client.ClientId, encoded))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Guessing_is_slowed_for_the_one_client_only()
    {
        var victim = await service.CreateClientAsync();
        for (var i = 0; i < FailedSignIns.Limit; i++)
            (await Error(Grant, SecuredService.Basic(victim.Client.ClientId, $"guess-{i}"))).ShouldBe((401, "invalid_client"));
        var (status, json, headers) = await service.PostFormAsync("/oauth2/token", Grant, SecuredService.Basic(victim.Client.ClientId, victim.Secret));
        (status, json.GetProperty("error").GetString()).ShouldBe((429, "too_many_requests"));
        headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        (await service.PostFormAsync("/oauth2/token", Grant, DemoBasic)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Signing_in_often_is_not_guessing()
    {
        for (var i = 0; i < FailedSignIns.Limit * 2; i++) (await service.PostFormAsync("/oauth2/token", Grant, DemoBasic)).Status.ShouldBe(200);
    }

    private async Task<(int Status, string? Error)> Error(string form, string? authorization)
    {
        var (status, json, headers) = await service.PostFormAsync("/oauth2/token", form, authorization);
        headers.CacheControl!.NoStore.ShouldBeTrue();
        json.GetProperty("error_description").GetString().ShouldNotBeNullOrEmpty();
        return (status, json.GetProperty("error").GetString());
    }
}
