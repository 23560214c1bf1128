using System.Globalization;
using Ledger.Api.Input;
using Ledger.Api.Native.Log;
using Ledger.Api.OpenApi;
using Ledger.Domain;
using Ledger.EventStore;
using Ledger.EventStore.Log;
using Ledger.Proof.Bundles;
using Fault = Ledger.Api.Errors.Fault;

namespace Ledger.Api.Native.Export;

/// <summary>What part of a tenant's history is to be exported, held against which signed checkpoint.</summary>
/// <param name="After">Lines up to this position are there already.</param>
internal sealed record ExportQuestion(string TenantId, LogCheckpoint Checkpoint, BundleSelection Selection, bool IsCsv, long After)
{
    private const int LongestMoment = 64;

    /// <summary>
    /// An export to a system leaves out the items of other systems and nothing else: a record that was never exported, or never
    /// offered, is just what an auditor looks for.
    /// </summary>
    public HiddenStreams? Hidden => Selection.SystemId is { } system ? new(StreamIds.ItemPrefix, StreamIds.Of(new SystemId(system), new RecordId(""))) : null;

    public string EventsName => IsCsv ? BundleManifest.CsvName : BundleManifest.NdjsonName;

    /// <returns>The question, or why it is none.</returns>
    public static async Task<(ExportQuestion? Question, Fault? Fault)> ReadAsync(
        HttpContext context, string tenantId, LogReader log, RecordedOrder order, CancellationToken cancellationToken)
    {
        var query = new NativeQuery(context);
        var system = query.Text("system_id", SystemId.MaxLength)?.Trim();
        var (from, to) = (query.Text("from", LongestMoment), query.Text("to", LongestMoment));
        var (size, after) = (query.Int64("size", 1, long.MaxValue), query.Int64("after", 0, long.MaxValue) ?? 0);
        var format = query.Text("format", 16) ?? "ndjson";
        if (format is not ("ndjson" or "csv")) query.Refuse("format", "Must be ndjson or csv.");
        if (query.Fault is { } malformed) return (null, malformed);

        var latest = await log.LatestAsync(tenantId, cancellationToken);
        if (latest is null) return (null, LogFaults.Empty);
        var checkpoint = size is { } wanted ? await log.AtAsync(tenantId, wanted, cancellationToken) : latest;
        if (checkpoint is null) return (null, LogFaults.NoCheckpoint(size!.Value, (await log.CoveringAsync(tenantId, size.Value, cancellationToken))?.Size));

        // An event recorded at exactly the moment belongs to the export at both ends.
        var first = await PositionAsync(query, "from", from, checkpoint.Size, async time => (await order.PositionAtAsync(tenantId, time.AddMicroseconds(-1), cancellationToken)).Position + 1) ?? 1;
        var last = await PositionAsync(query, "to", to, checkpoint.Size, async time => (await order.PositionAtAsync(tenantId, time, cancellationToken)).Position) ?? checkpoint.Size;
        (first, last) = (Math.Min(first, checkpoint.Size + 1), Math.Min(last, checkpoint.Size));
        if (query.Fault is null && first > last + 1) query.Refuse("to", "Must not lie before from.");
        if (after > checkpoint.Size) query.Refuse("after", $"The export is held against a checkpoint of {checkpoint.Size} events.");
        return query.Fault is { } fault ? (null, fault) : (new(tenantId, checkpoint, new(system, from, to, first, last), format == "csv", after), null);
    }

    public static RouteHandlerBuilder Describe(RouteHandlerBuilder route) => route
        .WithQueryParameter("system_id", "Leaves out the item events of other systems. Records, jobs and integrations stay: a record never exported is just what an auditor looks for.", "erp")
        .WithQueryParameter("from", "First position, or the time (RFC 3339) from which on; the beginning unless given.", "2026-01-01T00:00:00Z")
        .WithQueryParameter("to", "Last position, or the time (RFC 3339) up to which; the checkpoint's last unless given.", "2026-01-31T23:59:59.999999Z")
        .WithQueryParameter("format", "`ndjson` (default) or `csv`.", "ndjson")
        .WithQueryParameter("size", "Size of the signed checkpoint the export is held against; the latest unless given. Give it to all three requests of one export.", "4711");

    private static async Task<long?> PositionAsync(NativeQuery query, string name, string? text, long size, Func<DateTimeOffset, Task<long>> ofTime)
    {
        if (text is null) return null;
        if (Rfc3339.TryParse(text, out var time)) return await ofTime(time);
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position) && position >= 1)
        {
            if (position > size) query.Refuse(name, $"The checkpoint covers {size} positions.");
            return position;
        }
        query.Refuse(name, "Must be a position, from 1, or an RFC 3339 time such as 2026-01-31T08:00:00Z.");
        return null;
    }
}
