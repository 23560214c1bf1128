using System.Net.Http.Json;
using System.Text.Json;

namespace Ledger.Api.Tests.Errors;

internal static class AnswerExtensions
{
    public static async Task<JsonElement> GetFromJsonOfAnyStatusAsync(this HttpClient client, string path, CancellationToken cancellationToken)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }
}
