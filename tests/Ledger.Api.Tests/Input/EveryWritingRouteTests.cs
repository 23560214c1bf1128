using System.Net;
using System.Text;
using System.Text.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Tests.Hosting;

namespace Ledger.Api.Tests.Input;

/// <summary>Bad bodies on every route that takes a JSON body, found in the published documents: a clear refusal, never a fault of ours, and nothing written.</summary>
public sealed class EveryWritingRouteTests(LedgerHost host)
{
    private static readonly string[] Malformed =
    [
        "{", "[", "[1,2", """{"a":1""", """{"a":1}}""", """{"a" 1}""", "nul", "'text'", "{a:1}", """{"a":01}""", """{"a":1,"a":2}""", """{"a":"\u0000"}""", """{"a":"\ud800"}""", """{"a":NaN}""",
        new string('[', 600) + new string(']', 600), """{"a":"tab	in it"}""", "\u0001", """{"a":1} {"b":2}""", "// no JSON\n{}",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Refuses_what_is_no_acceptable_json()
    {
        var tenant = await host.NewTenantAsync();
        var faults = new List<string>();
        foreach (var (method, path) in await RoutesAsync(tenant))
        {
            foreach (var body in Malformed)
            {
                var answer = await SendAsync(tenant, method, path, new StringContent(body, Encoding.UTF8, "application/json"));
                if (answer is not ((HttpStatusCode)400 or (HttpStatusCode)422)) faults.Add($"{method} {path} answers {(int)answer} to {body[..Math.Min(40, body.Length)]}");
            }
            var utf8 = new ByteArrayContent([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D]) { Headers = { ContentType = new("application/json") } };
            if (await SendAsync(tenant, method, path, utf8) is var invalid and not ((HttpStatusCode)400 or (HttpStatusCode)422)) faults.Add($"{method} {path} answers {(int)invalid} to invalid UTF-8");
        }
        faults.ShouldBeEmpty();
        (await tenant.CountEventsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Refuses_a_missing_body_another_media_type_and_too_large_a_body()
    {
        var tenant = await host.NewTenantAsync();
        var faults = new List<string>();
        foreach (var (method, path) in await RoutesAsync(tenant))
        {
            if (await SendAsync(tenant, method, path, null) is var missing and not ((HttpStatusCode)400 or (HttpStatusCode)422)) faults.Add($"{method} {path} answers {(int)missing} to no body");
            if (await SendAsync(tenant, method, path, new StringContent("{}", Encoding.UTF8, "text/plain")) is var media and not HttpStatusCode.UnsupportedMediaType)
                faults.Add($"{method} {path} answers {(int)media} to text/plain");
            var size = path.StartsWith("/ledger/", StringComparison.Ordinal) ? 33 << 20 : (1 << 20) + 1;
            if (await SendAsync(tenant, method, path, new StringContent($"\"{new string('x', size)}\"", Encoding.UTF8, "application/json")) is var large and not HttpStatusCode.RequestEntityTooLarge)
                faults.Add($"{method} {path} answers {(int)large} to {size} bytes");
        }
        faults.ShouldBeEmpty();
        (await tenant.CountEventsAsync()).ShouldBe(0);
    }

    private async Task<List<(HttpMethod Method, string Path)>> RoutesAsync(TestTenant tenant)
    {
        var routes = new List<(HttpMethod, string)>();
        using var anonymous = await host.AnonymousAsync();
        foreach (var document in ApiDocuments.All)
        {
            using var parsed = JsonDocument.Parse(await anonymous.GetStringAsync($"/swagger/{document.Name}/swagger.json", Token));
            foreach (var path in parsed.RootElement.GetProperty("paths").EnumerateObject())
            {
                foreach (var operation in path.Value.EnumerateObject())
                {
                    if (operation.Value.TryGetProperty("requestBody", out var body) && body.GetProperty("content").TryGetProperty("application/json", out _))
                        routes.Add((HttpMethod.Parse(operation.Name), Filled(path.Name)));
                }
            }
        }
        routes.Count.ShouldBeGreaterThan(12);
        tenant.ShouldNotBeNull();
        return routes;
    }

    // Ids of the right form that nobody has: a body is judged before it is asked whom it is for.
    private static string Filled(string path) => path
        .Replace("{jobId}", "8d0e2c1a-7b54-4f0e-9a35-2f6c1d9e4b70", StringComparison.Ordinal).Replace("{system_id}", "erp", StringComparison.Ordinal)
        .Replace("{id}", path.Contains("accounting-exports", StringComparison.Ordinal) ? "exp_xp_0123456789abcdef" : "wsub_0123456789abcdef0123456789abcdef", StringComparison.Ordinal);

    private static async Task<HttpStatusCode> SendAsync(TestTenant tenant, HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        using var response = await tenant.Http.SendAsync(request, Token);
        return response.StatusCode;
    }
}
