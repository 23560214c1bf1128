using System.Globalization;
using Ledger.Api.Errors;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.EventStore;
using Ledger.EventStore.Log;

namespace Ledger.Api.Native.Export;

/// <summary>The history, or a part of it, as two files an auditor can keep: the events, and the proof that they are what was signed.</summary>
internal static class ExportHistory
{
    public const string SizeHeader = "Ledger-Log-Size";

    private const string Line = """{"body_hash":"90a9dda2c0cb6a9c9ec7bd4df1ed0d34bd3a5ae31bf0ec0c5c4b6a3c2e5bfa8e","causation_id":null,"correlation_id":"0199a1b2","event_id":"0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b","headers":{"actor":"demo","dialect":"native"},"position":4711,"recorded_at":"2026-01-15T10:00:05.482113Z","stream_id":"item/erp/INV-2026-0042","tenant_id":"00000000-0000-4000-8000-000000000001","type":"item_exported","version":2,"salt":"4be1f7b9c0a14a5d8d3e2f1a0b9c8d7e","data":{"externalId":"4200017"},"leaf_hash":"d070dc5b8da9aea7dc0f5ad4c29d89965200059c9a0ceca3abd5da2492dcb71d"}""";

    private const string Subtree = """{"first":4705,"count":2,"hash":"bdf4c9ad5a5ef5d4b2b0d2a5a3c1a7f0e9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4"}""";

    public static void Map(IEndpointRouteBuilder routes)
    {
        ExportQuestion.Describe(routes.MapGet("/export", EventsAsync)).RequireScope("audit:read")
            .WithSummary("Export events with their proof: the events")
            .WithDescription("""
                One event per line in the order of positions: the envelope whose canonical form is the leaf of the log, the salt, the body, and the hash the log has of the leaf. Streamed; after a break go on with
                `after={position of the last whole line}` and the `size` of the answer's `Ledger-Log-Size`. In CSV a text that a spreadsheet could take for a formula has a `'` in front; the column names come without `after` only.
                With `/export/proof` and `/export/manifest` these are the three files of a bundle; `ledger export` fetches them, `ledger verify` checks them offline.
                """)
            .WithQueryParameter("after", "Start after this position.", "4710")
            .WithResponseExample(200, "The events.", Line, "application/x-ndjson").WithResponseExample(200, "", "position,recorded_at,type,stream_id,version,…\r\n", "text/csv").WithErrors(400, 404);
        ExportQuestion.Describe(routes.MapGet("/export/proof", ProofAsync)).RequireScope("audit:read")
            .WithSummary("Export events with their proof: the proof")
            .WithDescription("The largest subtrees of the log in which nothing is shown, in the order of positions: with the events they make the root that the checkpoint signed. Empty when everything is shown.")
            .WithQueryParameter("after", "Leaves out subtrees that begin at or before this position.", "4704")
            .WithResponseExample(200, "The subtrees.", Subtree, "application/x-ndjson").WithErrors(400, 404);
    }

    private static async Task<IResult> EventsAsync(HttpContext context, LedgerClient client, LogReader log, RecordedOrder order, CancellationToken cancellationToken)
    {
        var (question, fault) = await ExportQuestion.ReadAsync(context, client.TenantId, log, order, cancellationToken);
        if (question is null) return new FaultResult(fault!);
        return new ExportResult(question, question.EventsName, question.IsCsv ? "text/csv; charset=utf-8" : "application/x-ndjson",
            (sink, cancellation) => new ExportLines(log, question, sink).WriteEventsAsync(cancellation));
    }

    private static async Task<IResult> ProofAsync(HttpContext context, LedgerClient client, LogReader log, RecordedOrder order, CancellationToken cancellationToken)
    {
        var (question, fault) = await ExportQuestion.ReadAsync(context, client.TenantId, log, order, cancellationToken);
        if (question is null) return new FaultResult(fault!);
        return new ExportResult(question, Proof.Bundles.BundleManifest.ProofName, "application/x-ndjson", (sink, cancellation) => new ExportLines(log, question, sink).WriteProofAsync(cancellation));
    }

    private sealed class ExportResult(ExportQuestion question, string name, string mediaType, Func<Func<ReadOnlyMemory<byte>, ValueTask>, CancellationToken, Task> write) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.ContentType = mediaType;
            response.Headers[SizeHeader] = question.Checkpoint.Size.ToString(CultureInfo.InvariantCulture);
            response.Headers.ContentDisposition = $"attachment; filename={name}";
            await write(async piece => await response.BodyWriter.WriteAsync(piece, httpContext.RequestAborted), httpContext.RequestAborted);
            await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
        }
    }
}
