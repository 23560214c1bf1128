using System.Text.Json;

namespace Ledger.Testing.Histories;

/// <summary>
/// What one tenant's history may look like, written down a second time and without the ledger's own code: it takes the events
/// in the order of their positions and says which of them could not have happened.
/// </summary>
public sealed class PlainLedger
{
    private readonly Dictionary<string, long> _versions = [];
    private readonly Dictionary<string, PlainRecord> _records = [];
    private readonly Dictionary<string, PlainItem> _items = [];
    private readonly Dictionary<string, PlainJob> _jobs = [];
    private readonly Dictionary<string, PlainIntegration> _integrations = [];
    private readonly Dictionary<string, PlainAttempt> _attempts = [];
    private readonly HashSet<string> _numbersAndUuids = [];
    private readonly List<string> _impossible = [];
    private long _position;

    /// <summary>What could not have happened, in the order of the positions.</summary>
    public IReadOnlyList<string> Impossible => _impossible;

    public long Events => _position;

    /// <param name="recordStream"><c>record/…</c></param>
    public PlainRecord Record(string recordStream) => _records.GetValueOrDefault(recordStream, PlainRecord.Unknown);

    /// <param name="itemStream"><c>item/…/…</c></param>
    public PlainItem Item(string itemStream) => _items.GetValueOrDefault(itemStream, PlainItem.Untouched);

    /// <param name="jobStream"><c>job/…</c></param>
    public PlainJob Job(string jobStream) => _jobs.GetValueOrDefault(jobStream, PlainJob.Unknown);

    public IEnumerable<KeyValuePair<string, PlainItem>> Items => _items;

    public IEnumerable<KeyValuePair<string, PlainRecord>> Records => _records;

    /// <summary>The record an item is about.</summary>
    public static string RecordOf(string itemStream) => "record/" + itemStream[(itemStream.IndexOf('/', "item/".Length) + 1)..];

    public void Apply(HistoryEvent @event)
    {
        if (@event.Position != ++_position) Note(@event, $"has position {@event.Position}, not {_position}");
        var version = _versions[@event.StreamId] = _versions.GetValueOrDefault(@event.StreamId) + 1;
        if (@event.Version != version) Note(@event, $"is version {@event.Version} of its stream, not {version}");
        switch (@event.StreamId.Split('/')[0])
        {
            case "record": ApplyToRecord(@event); break;
            case "item": ApplyToItem(@event); break;
            case "job": ApplyToJob(@event); break;
            case "integration": ApplyToIntegration(@event); break;
            default: Note(@event, "is in no stream there can be"); break;
        }
    }

    /// <summary>What must hold once no request is under way any more.</summary>
    public void End()
    {
        foreach (var (id, job) in _jobs)
        {
            var own = _attempts.Values.Where(attempt => "job/" + attempt.JobId == id).ToList();
            if (own.Count != job.Items) _impossible.Add($"{id} was made with {job.Items} items and has {own.Count}");
            if (!job.IsUnfinished && own.Any(attempt => attempt.IsOpen)) _impossible.Add($"{id} is {job.Status} and has an open item");
        }
    }

    private void ApplyToRecord(HistoryEvent @event)
    {
        var before = Record(@event.StreamId);
        if (before.Version == 0 != (@event.Type == "record_registered")) Note(@event, $"after {before.Version} events of the record");
        var after = @event.Type switch
        {
            "record_registered" => before with { Stage = Text(@event.Data.GetProperty("content"), "stage"), Number = @event.Data.GetProperty("number").GetInt64(), Uuid = Text(@event.Data, "uuid") },
            "record_revised" => before with { Stage = Text(@event.Data.GetProperty("content"), "stage"), Withdrawn = false },
            "record_stage_changed" => before with { Stage = Text(@event.Data, "stage") },
            "record_withdrawn" => before with { Withdrawn = true },
            _ => Unknown(@event, before),
        };
        if (@event.Type == "record_stage_changed" && (before.Withdrawn || before.Stage == after.Stage)) Note(@event, "moves a withdrawn record, or to where it is");
        if (@event.Type == "record_withdrawn" && before.Withdrawn) Note(@event, "withdraws a withdrawn record");
        if (@event.Type == "record_registered" && !(_numbersAndUuids.Add($"{after.Number}") & _numbersAndUuids.Add(after.Uuid))) Note(@event, "has the number or the UUID of another record");
        _records[@event.StreamId] = after with { Version = before.Version + 1 };
    }

    private void ApplyToItem(HistoryEvent @event)
    {
        var before = Item(@event.StreamId);
        var named = Text(@event.Data, "attemptId");
        var own = before.Attempt is { } latest && latest.Id == named ? latest : null;
        var job = own is { JobId.Length: > 0 } ? Job("job/" + own.JobId) : null;
        // A report either ends the open attempt, or there is none; and a job may correct a failure while it runs.
        var ends = named.Length == 0 ? !before.IsOpen : own is not null && (own.IsOpen || (own.Status == "failed" && job is not null));
        var inItsTime = job is null || job.IsUnfinished;
        var (possible, after) = @event.Type switch
        {
            "export_requested" => (!before.IsOpen && Record(RecordOf(@event.StreamId)).IsReady && !_attempts.ContainsKey(named), Requested(@event, before, named)),
            "export_progressed" => (own is { IsOpen: true } && inItsTime, Moved(before, own, Text(@event.Data, "status"))),
            "item_exported" => (ends && inItsTime, Moved(before, own, "successful") with { Exported = true, Failed = false }),
            "item_failed" => (ends && inItsTime, Moved(before, own, "failed") with { Failed = true }),
            "record_marked_exported" => ((named.Length == 0 && !before.IsOpen) || own is { IsOpen: true }, Moved(before, own, "successful") with { Exported = true, Failed = false }),
            "export_abandoned" => (own is { IsOpen: true }, Moved(before, own, "abandoned")),
            "export_cancelled" => (own is { IsOpen: true } && inItsTime, Moved(before, own, "cancelled")),
            "export_reopened" => (before.Exported || before.Failed, before with { Exported = false, Failed = false }),
            _ => (false, before),
        };
        if (!possible) Note(@event, $"after {before} of {Record(RecordOf(@event.StreamId))}{(job is null ? "" : $" in {job}")}");
        if (after.Attempt is { } attempt) _attempts[attempt.Id] = attempt;
        _items[@event.StreamId] = after with { Version = before.Version + 1 };
    }

    private PlainItem Requested(HistoryEvent @event, PlainItem before, string attempt)
    {
        var jobId = Text(@event.Data, "jobId");
        if (jobId.Length > 0 && !Job("job/" + jobId).IsUnfinished) Note(@event, $"is for a job that is {Job("job/" + jobId).Status}");
        return before with { Failed = false, Attempt = new(attempt, "pending", jobId) };
    }

    private void ApplyToJob(HistoryEvent @event)
    {
        var before = Job(@event.StreamId);
        var origin = Text(@event.Data, "origin");
        var others = _jobs.Values.Count(job => job is { IsUnfinished: true, Origin: "export_jobs" });
        var (possible, after) = @event.Type switch
        {
            "job_created" => (before.Version == 0 && (origin != "export_jobs" || others == 0), before with { Status = "pending", Origin = origin, Items = @event.Data.GetProperty("numberOfItems").GetInt32() }),
            "job_started" => (before.Status == "pending", before with { Status = "in_progress" }),
            "job_completed" => (before.Status == "in_progress", before with { Status = "completed" }),
            "job_failed" => (before.IsUnfinished, before with { Status = "failed" }),
            _ => (false, before),
        };
        if (!possible) Note(@event, $"after {before} with {others} others unfinished");
        _jobs[@event.StreamId] = after with { Version = before.Version + 1 };
    }

    private void ApplyToIntegration(HistoryEvent @event)
    {
        var before = _integrations.GetValueOrDefault(@event.StreamId, PlainIntegration.Unknown);
        var active = @event.Type is "integration_connected" or "integration_reactivated";
        var possible = @event.Type switch
        {
            "integration_connected" => before.Version == 0,
            "integration_disconnected" => before.Active,
            "integration_reactivated" => before is { Version: > 0, Active: false },
            _ => false,
        };
        if (!possible || (active && _integrations.Values.Any(other => other.Active))) Note(@event, $"after {before}");
        _integrations[@event.StreamId] = new(before.Version + 1, active);
    }

    private static PlainItem Moved(PlainItem item, PlainAttempt? own, string status) => own is null ? item : item with { Attempt = own with { Status = status } };

    private PlainRecord Unknown(HistoryEvent @event, PlainRecord record)
    {
        Note(@event, "is of no type there can be");
        return record;
    }

    private void Note(HistoryEvent @event, string what) => _impossible.Add($"{@event.Position} {@event.Type} in {@event.StreamId} by {@event.CorrelationId} {what}");

    private static string Text(JsonElement data, string member) => data.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
