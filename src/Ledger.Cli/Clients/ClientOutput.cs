using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Cli.Terminal;
using Ledger.Clients;

namespace Ledger.Cli.Clients;

internal static class ClientOutput
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Line(Client client) =>
        $"{client.ClientId,-24}  {client.TenantId}  {Printable.Line(client.DefaultSystemId),-12}  {string.Join(' ', ScopeNames.Of(client.Scopes))}  {Printable.Line(client.Name)}"
        + (client.RevokedAt is { } revoked ? $"  REVOKED {Time(revoked)}" : "");

    public static string Text(IssuedCredentials issued) => $"""
        client id      {issued.Client.ClientId}
        client secret  {issued.Secret}
        API key        {issued.ApiKey}
        tenant         {issued.Client.TenantId}
        system         {Printable.Line(issued.Client.DefaultSystemId)}
        scopes         {string.Join(' ', ScopeNames.Of(issued.Client.Scopes))}
        The secret and the key are shown this once and cannot be read back.
        """;

    public static string Json(IReadOnlyList<Client> clients) =>
        new JsonObject { ["clients"] = new JsonArray([.. clients.Select(Node)]) }.ToJsonString(Options);

    public static string Json(IssuedCredentials issued)
    {
        var node = Node(issued.Client);
        node["client_secret"] = issued.Secret;
        node["api_key"] = issued.ApiKey;
        return node.ToJsonString(Options);
    }

    public static string Revoked(string clientId) => new JsonObject { ["client_id"] = clientId, ["revoked"] = true }.ToJsonString(Options);

    private static JsonObject Node(Client client) => new()
    {
        ["client_id"] = client.ClientId,
        ["tenant_id"] = client.TenantId,
        ["name"] = client.Name,
        ["default_system_id"] = client.DefaultSystemId,
        ["scopes"] = new JsonArray([.. ScopeNames.Of(client.Scopes).Select(name => JsonValue.Create(name))]),
        ["created_at"] = Time(client.CreatedAt),
        ["revoked_at"] = client.RevokedAt is { } revoked ? Time(revoked) : null,
    };

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
