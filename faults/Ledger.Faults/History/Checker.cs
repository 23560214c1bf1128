using System.Text.Json;
using Ledger.Testing.Histories;

namespace Ledger.Faults.History;

/// <summary>Replays a tenant's feed into the plain model and holds every answer against it.</summary>
internal static class Checker
{
    // What the ledger adds to a job by itself under the correlation of the request that made it due.
    private static readonly HashSet<string> Settling = ["job_completed", "export_abandoned"];

    /// <param name="feed">The tenant's whole history, as the service tells it, one event per line.</param>
    public static Finding Judge(HistoryLog log, IEnumerable<string> feed)
    {
        var (ledger, what) = (new PlainLedger(), new List<string>());
        var byCorrelation = new Dictionary<string, int>();
        var items = new Dictionary<string, List<(long Position, PlainItem State)>>();
        var records = new Dictionary<string, List<(long Position, bool IsReady)>>();
        foreach (var line in feed)
        {
            var json = JsonElement.Parse(line);
            var @event = new HistoryEvent(json.GetProperty("position").GetInt64(), json.GetProperty("stream_id").GetString()!, json.GetProperty("version").GetInt64(), json.GetProperty("type").GetString()!,
                json.GetProperty("data"), json.GetProperty("correlation_id").GetString()!);
            ledger.Apply(@event);
            if (!Settling.Contains(@event.Type)) byCorrelation[@event.CorrelationId] = byCorrelation.GetValueOrDefault(@event.CorrelationId) + 1;
            if (@event.StreamId.StartsWith("item/", StringComparison.Ordinal)) Add(items, @event.StreamId, (@event.Position, ledger.Item(@event.StreamId)));
            if (@event.StreamId.StartsWith("record/", StringComparison.Ordinal)) Add(records, @event.StreamId, (@event.Position, ledger.Record(@event.StreamId).IsReady));
        }
        ledger.End();
        what.AddRange(ledger.Impossible);
        var impossible = ledger.Impossible.Count;
        foreach (var look in log.Looks())
        {
            if (IsPossible(look, items, records)) continue;
            impossible++;
            what.Add($"{look} could not be answered");
        }

        var operations = log.Operations();
        var (lost, duplicated, partial) = (0, 0, 0);
        foreach (var request in operations.GroupBy(operation => operation.Request))
        {
            // Each delivery counts by itself: retries of one request have one effect in all.
            var written = request.Select(operation => (Operation: operation, Events: byCorrelation.GetValueOrDefault(operation.Correlation))).Where(pair => pair.Events > 0).ToList();
            var total = written.Sum(pair => pair.Events);
            if (written.Count > 1)
            {
                duplicated++;
                what.Add($"{request.Key} took effect {written.Count} times");
            }
            foreach (var (operation, events) in written.Where(pair => pair.Operation.Outcome == Outcome.Fail || pair.Events > pair.Operation.Most || (pair.Operation.Whole && pair.Events != pair.Operation.Most)))
            {
                partial++;
                what.Add($"{operation} has {events} events");
            }
            if (request.Where(operation => operation.Outcome == Outcome.Ok).MaxBy(operation => operation.Least) is { } acknowledged && total < acknowledged.Least)
            {
                lost++;
                what.Add($"{acknowledged} was acknowledged and has {total} events");
            }
            // An answer that wrote nothing is not kept; one that wrote is the only one there is.
            if (request.Where(operation => operation is { Outcome: Outcome.Ok, Least: > 0 }).Select(operation => operation.Body).Distinct().Count() > 1)
            {
                duplicated++;
                what.Add($"{request.Key} had two answers");
            }
        }
        return new(operations.Count, operations.Count(operation => operation.Outcome == Outcome.Ok), operations.Count(operation => operation.Outcome == Outcome.Unknown),
            operations.Count(operation => operation.Outcome == Outcome.Unknown && byCorrelation.ContainsKey(operation.Correlation)),
            lost, duplicated, partial, impossible, ledger.Events, what);
    }

    // The version it names must be one that was or came to be, not older than what the position promises, and its status must follow from it.
    private static bool IsPossible(Look look, Dictionary<string, List<(long Position, PlainItem State)>> items, Dictionary<string, List<(long Position, bool IsReady)>> records)
    {
        var states = items.GetValueOrDefault($"item/{look.System}/{look.Record}", []);
        if (look.Version > states.Count || look.Version < states.Count(state => state.Position <= look.Position)) return false;
        var item = look.Version == 0 ? PlainItem.Untouched : states[(int)look.Version - 1].State;
        var standing = records.GetValueOrDefault($"record/{look.Record}", []);
        var from = standing.FindLastIndex(state => state.Position <= look.Position);
        return standing.Skip(Math.Max(0, from)).Select(state => state.IsReady).Distinct().Any(ready => StatusOf(item, ready) == look.Status);
    }

    private static string StatusOf(PlainItem item, bool ready) => item.Exported ? "exported" : !ready ? "withheld" : item.IsOpen ? "processing" : item.Failed ? "failed" : "offered";

    private static void Add<T>(Dictionary<string, List<T>> states, string stream, T state)
    {
        if (!states.TryGetValue(stream, out var known)) states.Add(stream, known = []);
        known.Add(state);
    }
}
