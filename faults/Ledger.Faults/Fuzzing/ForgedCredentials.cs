using System.Security.Cryptography;
using System.Text;
using Ledger.Clients;
using Ledger.Faults.Lines;

namespace Ledger.Faults.Fuzzing;

/// <summary>F15: credentials that are almost right, or were right once, on routes of every API. None gets in, and the right ones still do.</summary>
internal static class ForgedCredentials
{
    private static readonly string[] Routes = ["/ledger/v1/records?limit=1", "/v3/accounting/records?limit=1", "/v10/accounting-entries/export?system_id=erp&limit=1", "/v3/export-jobs?limit=1", "/api/v1/accounting-exports?limit=1", "/v1/webhooks"];

    public static Line Line { get; } = new("F15 forged, expired, revoked and truncated credentials", async plan =>
    {
        await using var site = await Site.OpenAsync(plan, new());
        var random = plan.Random();
        var (registry, tokens) = (new ClientRegistry(site.DataSource), new AccessTokens(site.DataSource));
        var wires = Routes.Select(_ => new Wire(site.Nodes[0].Address)).ToList();
        List<string> corpus = [], alive = [];
        for (var least = plan.Size(quick: 700, full: 2_500); corpus.Count < least;)
        {
            var client = await NewClientAsync(site, registry);
            var token = (await tokens.IssueAsync(client.Client.ClientId, LedgerScopes.All))!;
            // Alive, and in the service's cache: a sloppy comparison would find them there.
            alive.AddRange([$"Bearer {token}", Basic(client.ApiKey)]);
            corpus.AddRange([.. Broken(token, text => $"Bearer {text}"), .. Broken(client.ApiKey, text => Basic(text)), .. OfAnotherKind(client, token), .. Misspelt(token), .. await EndedAsync(site, registry, tokens)]);
        }
        var attempts = corpus.Distinct().ToArray();
        random.Shuffle(attempts);
        async Task<List<string>> TryAsync(IEnumerable<string> credentials, Func<int, bool> isRight)
        {
            List<string> wrong = [];
            var number = random.Next(Routes.Length);
            foreach (var credential in credentials)
            {
                var route = number++ % Routes.Length;
                var answer = await wires[route].SendAsync(new Request("GET", Routes[route], null).ToBytes(credential, $"f15.{number}"));
                if (!isRight(answer.Status)) wrong.Add($"{answer.Status} to {credential} on {Routes[route]}");
            }
            return wrong;
        }
        // A header that is no text ends at the door, with 400.
        List<string> wrong = [.. await TryAsync(alive, status => status == 200), .. await TryAsync(attempts, status => status is 401 or 400 or 431), .. await TryAsync(alive, status => status == 200)];
        foreach (var wire in wires) wire.Dispose();
        return new Result(attempts.Length) { Sent = attempts.Length + (2 * alive.Count), Wrong = wrong, Remarks = [$"{attempts.Length:N0} credentials, {wrong.Count(text => text.StartsWith('2'))} accepted; {alive.Count} right ones between them, before and after"] };
    });

    private static string Basic(string user, string password = "") => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}";

    private static async Task<IssuedCredentials> NewClientAsync(Site site, ClientRegistry registry) => (await registry.CreateClientAsync(site.Tenants[0].Id, "f15", "erp", LedgerScopes.All))!;

    /// <summary>Every one-bit flip that stays printable, every truncation, and longer ones.</summary>
    private static IEnumerable<string> Broken(string credential, Func<string, string> header)
    {
        for (var at = 0; at < credential.Length; at++)
        {
            for (var bit = 0; bit < 7; bit++)
            {
                if ((char)(credential[at] ^ (1 << bit)) is > ' ' and < (char)127 and var flipped) yield return header($"{credential[..at]}{flipped}{credential[(at + 1)..]}");
            }
        }
        for (var length = 0; length < credential.Length; length++) yield return header(credential[..length]);
        foreach (var tail in (string[])["x", "=", "==", "%00", ".", credential]) yield return header(credential + tail);
        yield return header(credential.ToUpperInvariant());
        yield return header(credential.ToLowerInvariant());
        yield return header(new string([.. credential.Reverse()]));
    }

    private static IEnumerable<string> OfAnotherKind(IssuedCredentials issued, string token) =>
    [
        $"Bearer {issued.ApiKey}", $"Bearer {issued.Secret}", $"Bearer {issued.Client.ClientId}", Basic(token), Basic(issued.Secret), Basic(issued.Client.ClientId, issued.Secret), Basic(issued.ApiKey, issued.ApiKey), Basic(issued.ApiKey, "x"),
        Basic("", issued.ApiKey), Basic(issued.Client.ClientId, issued.ApiKey), Basic(issued.Client.TenantId), $"Bearer {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)))}", $"Bearer {Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(token)))}",
    ];

    private static IEnumerable<string> Misspelt(string token) =>
    [
        "Bearer", "Bearer ", "Basic", "Basic ", "Basic Og==", token, $"Token {token}", $"bearer:{token}", $"Bearer{token}", $"Bearer \"{token}\"", $"Bearer {token} {token}", $"Bearer {token},", $"Bearer token={token}", $"Basic {token}", "Bearer ' or 1=1 --",
        "Bearer null", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJkZW1vIn0.", $"Bearer {new string('a', 257)}", $"Bearer {new string('a', 8000)}", $"Basic {new string('A', 8000)}", "Bearer é",
    ];

    private static async Task<List<string>> EndedAsync(Site site, ClientRegistry registry, AccessTokens tokens)
    {
        List<string> ended = [];
        for (var round = 0; round < 10; round++)
        {
            var (revoked, rotated, expired) = (await NewClientAsync(site, registry), await NewClientAsync(site, registry), await NewClientAsync(site, registry));
            foreach (var client in new[] { revoked, rotated, expired }) ended.Add($"Bearer {await tokens.IssueAsync(client.Client.ClientId, LedgerScopes.All)}");
            ended.AddRange([Basic(revoked.ApiKey), Basic(rotated.ApiKey), $"Bearer {Credential.NewToken()}", Basic(Credential.NewApiKey())]);
            await registry.RevokeAsync(revoked.Client.ClientId);
            await registry.RotateAsync(rotated.Client.ClientId);
            await using var command = site.DataSource.CreateCommand("update ledger.access_tokens set expires_at = now() where client_id = $1");
            command.Parameters.Add(new() { Value = expired.Client.ClientId });
            await command.ExecuteNonQueryAsync();
        }
        return ended;
    }
}
