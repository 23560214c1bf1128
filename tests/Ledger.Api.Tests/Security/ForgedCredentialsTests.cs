using System.Text;
using Ledger.Clients;

namespace Ledger.Api.Tests.Security;

/// <summary>OWASP API2: a corpus of credentials that are almost right. Each is refused with 401; none gets in, none makes a 5xx.</summary>
public sealed class ForgedCredentialsTests(SecuredService service) : IClassFixture<SecuredService>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task None_of_the_corpus_gets_in()
    {
        var issued = await service.CreateClientAsync();
        var token = (await service.Tokens.IssueAsync(issued.Client.ClientId, LedgerScopes.All, Cancelled))!;
        // Both are alive and in the cache, so that a sloppy comparison would find them there.
        (await service.GetAsync("/acme/read", $"Bearer {token}")).Status.ShouldBe(200);
        (await service.GetAsync("/acme/read", SecuredService.Basic(issued.ApiKey))).Status.ShouldBe(200);

        List<string> corpus = [.. Broken(token, text => $"Bearer {text}"), .. Broken(issued.ApiKey, text => SecuredService.Basic(text)),
            .. EncodedWrongly(issued.ApiKey), .. OfAnotherKind(issued, token), .. Malformed(token), .. await EndedAsync()];
        corpus.Count.ShouldBeGreaterThanOrEqualTo(500);
        corpus.ShouldBeUnique();

        var answers = await Task.WhenAll(corpus.Select(async authorization => (authorization, (await service.GetAsync("/acme/read", authorization)).Status)));
        answers.Where(answer => answer.Status != 401).ShouldBeEmpty();
        (await service.GetAsync("/acme/read", $"Bearer {token}")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Two_headers_are_refused_even_if_both_are_right()
    {
        var key = SecuredService.Basic("demo-key");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/acme/read");
        request.Headers.TryAddWithoutValidation("Authorization", [key, key]).ShouldBeTrue();
        using var answer = await service.Http.SendAsync(request, Cancelled);
        ((int)answer.StatusCode).ShouldBe(401);
    }

    /// <summary>Every one-bit flip that keeps the text printable, every truncation, and longer ones.</summary>
    private static IEnumerable<string> Broken(string credential, Func<string, string> header)
    {
        for (var at = 0; at < credential.Length; at++)
        {
            for (var bit = 0; bit < 7; bit++)
            {
                var flipped = (char)(credential[at] ^ (1 << bit));
                if (flipped is > ' ' and < (char)127) yield return header($"{credential[..at]}{flipped}{credential[(at + 1)..]}");
            }
        }
        for (var length = 1; length < credential.Length; length++) yield return header(credential[..length]);
        foreach (var tail in (string[])["x", "=", "==", "%00", ".", credential]) yield return header(credential + tail);
        yield return header(credential.ToUpperInvariant());
        yield return header(new string([.. credential.Reverse()]));
    }

    private static IEnumerable<string> EncodedWrongly(string key)
    {
        var right = SecuredService.Basic(key)["Basic ".Length..];
        yield return $"Basic {right[..10]} {right[10..]}";
        yield return $"Basic {right.TrimEnd('=')}===";
        yield return $"Basic {right}!";
        yield return $"Basic {key}:";
        yield return $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(key))}";   // no colon
        yield return $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(":" + key))}";
        yield return $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(key + "::"))}";
        yield return $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(key + "\0:"))}";
        yield return $"Basic {Convert.ToBase64String(Encoding.Unicode.GetBytes(key + ":"))}";
        yield return $"Basic {Convert.ToBase64String([0xFF, 0xFE, .. Encoding.UTF8.GetBytes(key + ":")])}";
        yield return $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(new string('k', 5000) + ":"))}";
        yield return $"Basic {Convert.ToBase64String([.. Encoding.UTF8.GetBytes(key), 0xC0, 0xBA])}";   // an overlong colon
    }

    private static IEnumerable<string> OfAnotherKind(IssuedCredentials issued, string token) =>
    [
        $"Bearer {issued.ApiKey}", $"Bearer {issued.Secret}", $"Bearer {issued.Client.ClientId}",
        SecuredService.Basic(token), SecuredService.Basic(issued.Secret), SecuredService.Basic(issued.Client.ClientId, issued.Secret),
        SecuredService.Basic(issued.ApiKey, issued.ApiKey), SecuredService.Basic(issued.Client.ClientId, issued.ApiKey),
        $"Bearer {Convert.ToHexStringLower(new CredentialHash(token).ToArray())}", $"Bearer {Convert.ToBase64String(new CredentialHash(token).ToArray())}",
        SecuredService.Basic(Convert.ToHexStringLower(new CredentialHash(issued.ApiKey).ToArray())),
    ];

    private static IEnumerable<string> Malformed(string token) =>
    [
        "", "Bearer", "Bearer ", "Basic", "Basic ", "Basic :", "Basic =", "Basic Og==", "Basic OjA=", token, $"Token {token}", $"bearer:{token}", $"Bearer{token}",
        $"Bearer\t{token}", $"Bearer \"{token}\"", $"Bearer {token} {token}", $"Bearer {token},", $"Bearer token={token}", $"Digest username=\"{token}\"",
        "Negotiate YII=", $"Basic {token}", $"Bearer {token};", $"Bearer ' or 1=1 --", "Bearer null", "Bearer undefined", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJkZW1vIn0.",
        $"Bearer {new string('a', 257)}", $"Bearer {new string('a', 8000)}", $"Basic {new string('A', 8000)}", "Bearer é", "Basic é", "Bearer \u0001", "🔑 x",
    ];

    private async Task<List<string>> EndedAsync()
    {
        List<string> ended = [];
        for (var i = 0; i < 10; i++)
        {
            var revoked = await service.CreateClientAsync();
            ended.Add($"Bearer {await service.Tokens.IssueAsync(revoked.Client.ClientId, LedgerScopes.All, Cancelled)}");
            ended.Add(SecuredService.Basic(revoked.ApiKey));
            await service.Registry.RevokeAsync(revoked.Client.ClientId, Cancelled);

            var rotated = await service.CreateClientAsync();
            ended.Add($"Bearer {await service.Tokens.IssueAsync(rotated.Client.ClientId, LedgerScopes.All, Cancelled)}");
            ended.Add(SecuredService.Basic(rotated.ApiKey));
            await service.Registry.RotateAsync(rotated.Client.ClientId, Cancelled);

            var expired = await service.CreateClientAsync();
            ended.Add($"Bearer {await service.Tokens.IssueAsync(expired.Client.ClientId, LedgerScopes.All, Cancelled)}");
            await service.ExecuteAsync($"update ledger.access_tokens set expires_at = now() where client_id = '{expired.Client.ClientId}'");

            ended.Add($"Bearer {Credential.NewToken()}");
            ended.Add(SecuredService.Basic(Credential.NewApiKey()));
        }
        return ended;
    }
}
