using System.Text.Json;
using Ledger.Simulation.Tests.Clients;
using Ledger.Simulation.Tests.Database;
using Ledger.Testing.Histories;

namespace Ledger.Simulation.Tests;

/// <summary>
/// Compares what the clients were answered with what the database holds in the end. The history is replayed by position into
/// <see cref="PlainLedger"/>; every answer must have been true, whether it wrote or not.
/// </summary>
internal sealed class Verdict
{
    // What the ledger does to a job by itself, on the way to an answer: it may happen in any delivery of a request.
    private static readonly HashSet<string> Settling = ["job_completed", "job_failed", "export_abandoned"];

    private readonly Simulation _simulation;
    private readonly List<string> _faults = [];
    private readonly Dictionary<(string Tenant, string Stream), List<(StoredEvent Event, object After)>> _streams = [];
    private readonly ILookup<string, StoredEvent> _byRequest;
    private readonly Dictionary<(string, string), List<StoredEvent>> _byDelivery;

    private Verdict(Simulation simulation)
    {
        _simulation = simulation;
        var events = simulation.Database.Events;
        _byRequest = events.ToLookup(stored => stored.TenantId + stored.CorrelationId.Split('.')[0]);
        _byDelivery = events.GroupBy(stored => (stored.TenantId, stored.CorrelationId)).ToDictionary(group => group.Key, group => group.ToList());
    }

    /// <returns>What could not have happened, or was not so. Empty: all is well.</returns>
    public static IReadOnlyList<string> Of(Simulation simulation)
    {
        var verdict = new Verdict(simulation);
        verdict.Judge();
        return verdict._faults;
    }

    private void Judge()
    {
        _faults.AddRange(_simulation.Database.Corrupt);
        if (!_simulation.Sealers.AllSealed) _faults.Add("An event was never sealed.");
        foreach (var tenant in _simulation.Database.Events.GroupBy(stored => stored.TenantId)) Replay(tenant.Key, tenant);
        foreach (var told in _simulation.Sealers.Told.GroupBy(told => (told.TenantId, told.Position)).Where(group => group.Select(told => told.EventId).Distinct().Count() > 1))
            _faults.Add($"Position {told.Key.Position} of {told.Key.TenantId} was told twice, with two events.");
        foreach (var request in _simulation.Observations.GroupBy(observation => observation.Sent.Planned.Number)) JudgeRequest([.. request]);
    }

    private void Replay(string tenantId, IEnumerable<StoredEvent> events)
    {
        var ledger = new PlainLedger();
        foreach (var stored in events.OrderBy(stored => stored.Position ?? long.MaxValue).ThenBy(stored => stored.SequenceId))
        {
            ledger.Apply(new(stored.Position ?? 0, stored.StreamId, stored.Version, stored.Event.Type, JsonElement.Parse(stored.Event.Data), stored.CorrelationId));
            object after = stored.StreamId[0] switch { 'r' => ledger.Record(stored.StreamId), 'j' => ledger.Job(stored.StreamId), 'i' when stored.StreamId[1] == 't' => ledger.Item(stored.StreamId), _ => stored };
            if (!_streams.TryGetValue((tenantId, stored.StreamId), out var states)) _streams.Add((tenantId, stored.StreamId), states = []);
            states.Add((stored, after));
        }
        ledger.End();
        _faults.AddRange(ledger.Impossible.Select(fault => $"{tenantId}: {fault}"));
    }

    private void JudgeRequest(List<Observation> observations)
    {
        var planned = observations[0].Sent.Planned;
        foreach (var observation in observations)
        {
            if (observation.Answer is { Status: 500 or 422 } wrong) _faults.Add($"{Name(observation)} was answered {wrong.Status}: {wrong.Body}");
            if (observation.Reply is { } reply) JudgeReply(observation, reply);
        }
        if (!planned.Key) return;
        if (observations.Where(observation => observation.Reply is { Wrote: true }).Select(observation => observation.Answer!.Body).Distinct().Count() > 1)
            _faults.Add($"{Name(observations[0])} was given two answers.");
        if (_byRequest[planned.TenantId + planned.Number].Where(stored => !Settling.Contains(stored.Event.Type)).Select(stored => stored.CorrelationId).Distinct().Count() > 1)
            _faults.Add($"{Name(observations[0])} took effect twice.");
    }

    private void JudgeReply(Observation observation, Reply reply)
    {
        var tenant = observation.Sent.Planned.TenantId;
        var request = $"{observation.Sent.Planned.Number}.";
        foreach (var effect in reply.Effects)
        {
            var events = _streams.GetValueOrDefault((tenant, effect.StreamId), []);
            if (!events.Exists(pair => pair.Event.CorrelationId.StartsWith(request, StringComparison.Ordinal) && (effect.Version == 0 || pair.Event.Version == effect.Version)))
                _faults.Add($"{Name(observation)} was acknowledged, and {effect} is not there.");
        }
        if (reply.Wrote == false && !observation.Answer!.Replayed && _byDelivery.TryGetValue((tenant, $"{request}{observation.Delivery}"), out var written) && written.Exists(stored => !Settling.Contains(stored.Event.Type)))
            _faults.Add($"{Name(observation)} was said to write nothing, and wrote {written[0].Event.Type}.");
        foreach (var claim in reply.Claims)
        {
            // What an attempt ended as stays true when a later one has taken its place.
            var moments = claim.Word == "attempt" ? Until(observation, claim.StreamId) : Moments(observation, claim.StreamId);
            if (!moments.Any(after => Claims.IsTrue(claim, after))) _faults.Add($"{Name(observation)} was told {claim}, which was not so at any moment between.");
        }
    }

    /// <summary>What the stream was at each moment between the question and the answer; a refusal that is about the record looks at the record.</summary>
    private IEnumerable<object?> Moments(Observation observation, string streamId) => Of(observation, streamId).Concat(streamId.StartsWith("item/", StringComparison.Ordinal) ? Of(observation, PlainLedger.RecordOf(streamId)) : []);

    private IEnumerable<object?> Until(Observation observation, string streamId) =>
        _streams.GetValueOrDefault((observation.Sent.Planned.TenantId, streamId), []).Where(pair => pair.Event.CommitNumber <= observation.Answered).Select(pair => pair.After);

    private IEnumerable<object?> Of(Observation observation, string streamId)
    {
        var states = _streams.GetValueOrDefault((observation.Sent.Planned.TenantId, streamId), []);
        yield return states.LastOrDefault(pair => pair.Event.CommitNumber <= observation.Invoked).After;
        foreach (var (stored, after) in states)
            if (stored.CommitNumber > observation.Invoked && stored.CommitNumber <= observation.Answered) yield return after;
    }

    private static string Name(Observation observation) => $"{observation.Sent.Planned}, delivery {observation.Delivery},";
}
