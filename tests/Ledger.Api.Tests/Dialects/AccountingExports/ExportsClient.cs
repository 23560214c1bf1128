using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ledger.Api.Tests.Dialects.AccountingExports;

/// <summary>Calls as a connector of this API makes them; answers with the status and the parsed body.</summary>
internal static class ExportsClient
{
    public const string Root = "/api/v1/accounting-exports";

    public static Task<(HttpStatusCode Status, JsonNode Body)> ExportAsync(this HttpClient http, string expense, string system = "tripletex", bool? again = null) =>
        http.SendJsonAsync(HttpMethod.Post, "", again is null ? new { expense_id = expense, target_system = system } : new { expense_id = expense, target_system = system, re_export = again });

    public static Task<(HttpStatusCode Status, JsonNode Body)> BatchAsync(this HttpClient http, params string[] expenses) =>
        http.SendJsonAsync(HttpMethod.Post, "/batch", new { expense_ids = expenses, target_system = "tripletex" });

    public static Task<(HttpStatusCode Status, JsonNode Body)> PutAsync(this HttpClient http, string id, object report) => http.SendJsonAsync(HttpMethod.Put, $"/{id}", report);

    public static Task<(HttpStatusCode Status, JsonNode Body)> CancelAsync(this HttpClient http, string id) => http.SendJsonAsync(HttpMethod.Delete, $"/{id}", null);

    public static Task<(HttpStatusCode Status, JsonNode Body)> FindAsync(this HttpClient http, string idOrQuery) => http.SendJsonAsync(HttpMethod.Get, idOrQuery.StartsWith('?') ? idOrQuery : $"/{idOrQuery}", null);

    public static async Task<(HttpStatusCode Status, JsonNode Body)> SendJsonAsync(this HttpClient http, HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, Root + path);
        if (body is string text) request.Content = new StringContent(text, Encoding.UTF8, "application/json");
        else if (body is not null) request.Content = JsonContent.Create(body);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, JsonNode.Parse(answer) ?? throw new JsonException("The body is null."));
    }

    public static string Text(this JsonNode body, string member) => body[member]!.GetValue<string>();
}
