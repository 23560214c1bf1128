using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Ledger.Api.Tests.Hosting;

/// <summary>What came back, read to the end.</summary>
/// <param name="Text">The body as sent.</param>
internal sealed record Answer(HttpStatusCode Status, string Text, HttpResponseHeaders Headers, string? MediaType)
{
    /// <summary>The body as JSON; fails the test when it is none.</summary>
    public JsonElement Json { get; } = Text.Length > 0 && MediaType?.Contains("json", StringComparison.Ordinal) is true && !MediaType.Contains("ndjson", StringComparison.Ordinal)
        ? JsonDocument.Parse(Text).RootElement : default;

    public IReadOnlyList<JsonElement> Lines => [.. Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>The body, after making sure that all went well.</summary>
    public JsonElement Ok()
    {
        Status.ShouldBe(HttpStatusCode.OK, Text);
        return Json;
    }
}

/// <summary>One line per call in a test.</summary>
internal static class Calls
{
    public static Task<Answer> AskAsync(this HttpClient client, string path, params (string Name, string Value)[] headers) => client.CallAsync(HttpMethod.Get, path, null, "", headers);

    public static Task<Answer> SendAsync(this HttpClient client, HttpMethod method, string path, string body, string mediaType = "application/json", params (string Name, string Value)[] headers) =>
        client.CallAsync(method, path, Encoding.UTF8.GetBytes(body), mediaType, headers);

    public static Task<Answer> PostJsonAsync(this HttpClient client, string path, string body) => client.SendAsync(HttpMethod.Post, path, body);

    public static async Task<Answer> CallAsync(this HttpClient client, HttpMethod method, string path, byte[]? body, string mediaType, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new ByteArrayContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(mediaType) } };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return new(response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response.Headers, response.Content.Headers.ContentType?.MediaType);
    }

    public static string Text(this JsonElement element, string member) => element.GetProperty(member).GetString()!;

    public static JsonElement At(this JsonElement element, params object[] path) =>
        path.Aggregate(element, (current, step) => step is int index ? current[index] : current.GetProperty((string)step));

    /// <summary>The strings of one member over an array.</summary>
    public static IReadOnlyList<string?> Each(this JsonElement array, string member) => [.. array.EnumerateArray().Select(element => element.GetProperty(member).GetString())];
}
