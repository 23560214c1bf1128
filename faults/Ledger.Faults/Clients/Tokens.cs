using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.Faults.Lines;
using Ledger.Faults.Machines;

namespace Ledger.Faults.Clients;

/// <summary>Access tokens of a tenant's client.</summary>
internal static class Tokens
{
    public static async Task<string> IssueAsync(ServiceNode node, Tenant tenant)
    {
        var credentials = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{tenant.ClientId}:{tenant.ClientSecret}")));
        using var response = await Patiently.SendAsync(() => new(HttpMethod.Post, new Uri(node.Address, "/oauth2/token")) { Headers = { Authorization = credentials }, Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]) });
        var body = JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
        return body["access_token"]!.GetValue<string>();
    }

    /// <summary>Before anybody has shown it, so that no node remembers it.</summary>
    public static async Task ExpireAsync(Site site, string token)
    {
        await using var command = site.DataSource.CreateCommand("update ledger.access_tokens set expires_at = now() - interval '1 second' where token_hash = $1");
        command.Parameters.Add(new() { Value = SHA256.HashData(Encoding.ASCII.GetBytes(token)) });
        if (await command.ExecuteNonQueryAsync() != 1) throw new InvalidOperationException("The token is not there.");
    }

    public static async Task<bool> IsTakenAsync(ServiceNode node, string token)
    {
        using var response = await Patiently.SendAsync(() => new(HttpMethod.Get, new Uri(node.Address, "/ledger/v1/events?limit=1")) { Headers = { Authorization = new("Bearer", token) } });
        return response.StatusCode == HttpStatusCode.OK || (response.StatusCode == HttpStatusCode.Unauthorized ? false : throw new InvalidOperationException($"A token was answered {(int)response.StatusCode}."));
    }
}
