using System.Globalization;
using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.EventStore.Log;

namespace Ledger.Api.Native.Log;

/// <summary>Signed checkpoints of the tenant's log: the latest, one of a size, and all of them.</summary>
internal static class LogCheckpoints
{
    private const string List = "log-checkpoints";

    private const string Note = "export-ledger/00000000-0000-4000-8000-000000000001\\n4711\\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\\n\\n— export-ledger 1mYYpDBFAiEA0dH3hmVjGmZ6hpcwuMx1uUMW0BCTbMqLhg0Nc6hFqfsCIDxw3vB0p1XfKq0qk1a8Ryy8YHYRbd6sVfnF0nC7m0wQ\\n";

    private const string Example = $$"""{"size":4711,"root":"0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62","made_at":"2026-01-15T10:00:06.014301Z","note":"{{Note}}"}""";

    internal sealed record Body(long Size, string Root, DateTimeOffset MadeAt, string Note);

    private sealed record Page(IEnumerable<Body> Checkpoints, string? NextCursor);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/log/checkpoint", LatestAsync).RequireScope("audit:read")
            .WithSummary("Get the latest checkpoint of the log")
            .WithDescription("""
                A signed note (C2SP tlog-checkpoint): origin, number of events, root of their Merkle tree, signatures. One is made at least every second while events arrive, none when none do.
                Keep it: whoever holds an old checkpoint can prove a rewritten history. `Accept: application/json` gives it with its parts.
                """)
            .WithResponseExample(200, "The note.", Note.Replace("\\n", "\n", StringComparison.Ordinal), "text/plain").WithResponseExample(200, "", Example).WithErrors(404);
        routes.MapGet("/log/checkpoint/{size}", OneAsync).RequireScope("audit:read")
            .WithSummary("Get the checkpoint of a size").WithDescription("The checkpoint made when the log had this many events. Not every size has one.")
            .WithPathParameter("size", "Number of events.", "4711")
            .WithResponseExample(200, "The note.", Note.Replace("\\n", "\n", StringComparison.Ordinal), "text/plain").WithResponseExample(200, "", Example).WithErrors(404);
        routes.MapGet("/log/checkpoints", PageAsync).RequireScope("audit:read")
            .WithSummary("List checkpoints").WithDescription("Every checkpoint ever signed for this tenant, newest first.").WithPaging()
            .WithResponseExample(200, "A page.", $$"""{"checkpoints":[{{Example}}],"next_cursor":null}""").WithErrors(400);
    }

    private static async Task<IResult> LatestAsync(HttpContext context, LedgerClient client, LogReader log, CancellationToken cancellationToken)
    {
        if (await log.LatestAsync(client.TenantId, cancellationToken) is not { } latest) return new FaultResult(LogFaults.Empty);
        context.Response.Headers.CacheControl = "private, no-cache";
        return Answer(context, latest);
    }

    private static async Task<IResult> OneAsync(HttpContext context, LedgerClient client, LogReader log, CancellationToken cancellationToken)
    {
        if (!long.TryParse((string?)context.Request.RouteValues["size"], NumberStyles.None, CultureInfo.InvariantCulture, out var size)) return new FaultResult(LogFaults.NoSize);
        if (await log.AtAsync(client.TenantId, size, cancellationToken) is not { } checkpoint)
            return new FaultResult(LogFaults.NoCheckpoint(size, (await log.CoveringAsync(client.TenantId, size, cancellationToken))?.Size));
        context.Response.Headers.CacheControl = LogTiles.Immutable;
        return Answer(context, checkpoint);
    }

    private static async Task<IResult> PageAsync(HttpContext context, LedgerClient client, LogReader log, Cursors cursors, CancellationToken cancellationToken)
    {
        var query = new NativeQuery(context);
        var limit = query.Limit();
        var place = await query.PlaceAsync(cursors, List, client.TenantId, cancellationToken);
        if (query.Fault is { } fault) return new FaultResult(fault);
        var page = await log.PageAsync(client.TenantId, place is null ? long.MaxValue : long.Parse(place, CultureInfo.InvariantCulture), limit + 1, cancellationToken);
        var next = page.Count > limit ? await cursors.WriteAsync(List, client.TenantId, page[limit - 1].Size.ToString(CultureInfo.InvariantCulture), cancellationToken) : null;
        return NativeJson.Ok(new Page(page.Take(limit).Select(Of), next));
    }

    private static IResult Answer(HttpContext context, LogCheckpoint checkpoint) => context.Request.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase)
        ? NativeJson.Ok(Of(checkpoint))
        : Results.Text(checkpoint.Note, "text/plain; charset=utf-8");

    private static Body Of(LogCheckpoint checkpoint) => new(checkpoint.Size, checkpoint.Root.ToString(), checkpoint.MadeAt, checkpoint.Note);
}
