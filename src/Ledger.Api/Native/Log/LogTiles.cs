using Ledger.Api.Errors;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.EventStore.Log;
using Ledger.Proof.Tiles;
using Ledger.Proof.Tree;

namespace Ledger.Api.Native.Log;

/// <summary>The whole tree and all its leaves for readers who want to compute everything themselves (C2SP tlog-tiles).</summary>
internal static class LogTiles
{
    /// <summary>A tile, or a part of one, never changes once it is there.</summary>
    public const string Immutable = "private, max-age=31536000, immutable";

    private const string Bytes = "application/octet-stream";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/log/tile/{**path}", HandleAsync).RequireScope("audit:read")
        .WithSummary("Get a tile of the log")
        .WithDescription("""
            As in C2SP tlog-tiles. `tile/{level}/{number}`: 256 hashes of 32 bytes of a level of the tree, level 0 being the leaf hashes; `tile/entries/{number}`: the 256 events whose hashes those are, each as
            two bytes of length (big endian) and the canonical form that was hashed. The number is written in groups of three digits, all but the last after an `x`: `x001/234`. What is not full yet is asked for as
            a part: `.p/{width}`. Answers may be kept for ever.
            """)
        .WithPathParameter("path", "Level or `entries`, number, and for a part its width.", "0/x001/234")
        .WithResponseExample(200, "The hashes, or the events.", "…", Bytes).WithErrors(400, 404);

    private static async Task<IResult> HandleAsync(HttpContext context, LedgerClient client, LogReader log, CancellationToken cancellationToken)
    {
        if (!Tile.TryParse((string?)context.Request.RouteValues["path"], out var tile)) return new FaultResult(LogFaults.NoTilePath);
        var size = await log.SizeAsync(client.TenantId, cancellationToken);
        if (Tile.Of(tile.Level, tile.Index, size) is not { } there || there.Width < tile.Width) return new FaultResult(LogFaults.NoTile(size));
        byte[] bytes;
        if (tile.Level == Tile.EntriesLevel)
        {
            if (await log.EntriesAsync(client.TenantId, tile, cancellationToken) is not { } entries) return new FaultResult(LogFaults.Damaged($"An event between positions {tile.FirstLeaf + 1} and {tile.FirstLeaf + tile.Width} is gone."));
            bytes = entries;
        }
        else
        {
            bytes = await log.TileAsync(client.TenantId, tile, cancellationToken);
            if (bytes.Length != tile.Width * Digest.Size) return new FaultResult(LogFaults.Damaged($"Tile {tile} is cut short."));
        }
        context.Response.Headers.CacheControl = Immutable;
        return Results.Bytes(bytes, Bytes);
    }
}
