using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ledger.Cli.Tests.Service;

/// <summary>
/// The other end of the connection: speaks the native API's sign-in, record upload and timeline over a real socket, and can
/// be told to be busy, to drop connections or to forget its tokens. What it stores is only for the test to look at.
/// </summary>
internal sealed class NativeApiPeer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly HashSet<string> tokens = [];

    private NativeApiPeer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapPost("/oauth2/token", (Delegate)TokenAsync);
        app.MapPost("/ledger/v1/records", (Delegate)RecordsAsync);
        app.MapGet("/ledger/v1/records/{id}/timeline", TimelineAsync);
    }

    public string Url => app.Urls.First();
    public Dictionary<string, JsonNode> Records { get; } = [];
    public List<int> BatchSizes { get; } = [];
    public List<string> TimelineQueries { get; } = [];

    /// <summary>What happens to the next record uploads, in order; then they succeed.</summary>
    public Queue<Mishap> Mishaps { get; } = new();

    /// <summary>Ids to answer with status "rejected".</summary>
    public HashSet<string> Unwanted { get; } = [];

    public static async Task<NativeApiPeer> StartAsync()
    {
        var peer = new NativeApiPeer();
        await peer.app.StartAsync();
        return peer;
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        if (form["grant_type"] != "client_credentials" || form["client_id"] != "demo" || form["client_secret"] != "demo-secret")
            return Results.Json(new { error = "invalid_client" }, statusCode: 401);
        var token = Guid.NewGuid().ToString("N");
        tokens.Add(token);
        return Results.Json(new { access_token = token, token_type = "Bearer", expires_in = 3600, scope = "records:write" });
    }

    private async Task<IResult> RecordsAsync(HttpContext context)
    {
        if (!SignedIn(context)) return Results.Json(new { title = "Unauthorized", code = "unauthorized" }, statusCode: 401);
        var mishap = Mishaps.TryDequeue(out var next) ? next : Mishap.None;
        switch (mishap)
        {
            case Mishap.Busy:
                context.Response.Headers.RetryAfter = "0";
                return Results.StatusCode(503);
            case Mishap.TooMany: return Results.StatusCode(429);
            case Mishap.Forbidden: return Results.Json(new { title = "Forbidden", detail = "Scope records:write is missing." }, statusCode: 403);
            case Mishap.Refuse: return Results.Json(new { title = "Bad request", detail = "Not today." }, statusCode: 400);
            case Mishap.ForgetTokens:
                tokens.Clear();
                return Results.StatusCode(401);
            case Mishap.DropBefore:
                context.Abort();
                return Results.Empty;
        }

        if (context.Request.ContentType != "application/x-ndjson") return Results.StatusCode(415);
        var answer = await RegisterAsync(context.Request.Body);
        if (mishap != Mishap.DropAfter) return Results.Json(answer);
        context.Abort();
        return Results.Empty;
    }

    private async Task<JsonObject> RegisterAsync(Stream body)
    {
        var results = new JsonArray();
        using var reader = new StreamReader(body);
        while (await reader.ReadLineAsync() is { } line)
        {
            var record = JsonNode.Parse(line)!;
            var id = (string)record["id"]!;
            if (Unwanted.Contains(id))
            {
                results.Add(new JsonObject { ["id"] = id, ["status"] = "rejected", ["problem"] = new JsonObject { ["detail"] = "not wanted" } });
                continue;
            }

            var status = !Records.TryGetValue(id, out var known) ? "registered" : JsonNode.DeepEquals(known, record) ? "unchanged" : "revised";
            Records[id] = record;
            results.Add(new JsonObject { ["id"] = id, ["status"] = status, ["number"] = Records.Count, ["version"] = 1 });
        }

        BatchSizes.Add(results.Count);
        return new JsonObject { ["results"] = results, ["counts"] = new JsonObject() };
    }

    private IResult TimelineAsync(HttpContext context, string id, string? cursor)
    {
        if (!SignedIn(context)) return Results.StatusCode(401);
        TimelineQueries.Add(context.Request.QueryString.Value!);
        if (id != "rec?1 ä#") return Results.Json(new { title = "Not found", detail = "No such record.", code = "record_unknown" }, statusCode: 404);
        var first = cursor is null;
        return Results.Json(new
        {
            events = new[]
            {
                new
                {
                    position = first ? 1 : (int?)null, stream_id = "record/x", type = first ? "record_registered" : "item_exported", recorded_at = "2026-05-04T08:00:00Z",
                    actor = "demo", dialect = "native", system_id = first ? null : "erp", data = new { note = "two\nlines\u001B[31m", lines = new[] { 1 } },
                },
            },
            next_cursor = first ? "c+1" : null,
        });
    }

    private bool SignedIn(HttpContext context) =>
        context.Request.Headers.Authorization.ToString() is var header && header.StartsWith("Bearer ", StringComparison.Ordinal) && tokens.Contains(header["Bearer ".Length..]);

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

internal enum Mishap
{
    None,
    Busy,
    TooMany,
    Forbidden,
    Refuse,
    ForgetTokens,

    /// <summary>The connection ends before anything was registered.</summary>
    DropBefore,

    /// <summary>The records are registered, but the answer is lost.</summary>
    DropAfter,
}
