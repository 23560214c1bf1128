using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Domain.Jobs;
using Ledger.Domain.Records;
using Ledger.Projections.Records;

namespace Ledger.Projections.Past;

/// <summary>What the events up to a position make of a record, an item, a job. A stream that is not there is one in which nothing had happened.</summary>
internal static class PastFold
{
    public static RecordState Record(List<PastEvent>? events, long upTo) => Until(events, upTo).Aggregate(RecordState.NotRegistered, (state, past) => RecordDecider.Evolve(state, (RecordEvent)past.Event, past.RecordedAt));

    public static ItemState Item(List<PastEvent>? events, long upTo) => Until(events, upTo).Aggregate(ItemState.Untouched, (state, past) => ItemEvolution.Evolve(state, (ItemEvent)past.Event, past.RecordedAt));

    public static JobState Job(List<PastEvent>? events, long upTo) => Until(events, upTo).Aggregate(JobState.None, (state, past) => JobDecider.Evolve(state, (JobEvent)past.Event, past.RecordedAt));

    /// <summary>The record with its content; null before it was registered.</summary>
    public static RecordView? RecordView(RecordId id, List<PastEvent>? events, long upTo)
    {
        var content = Until(events, upTo).Select(past => past.Event switch
        {
            RecordEvent.RecordRegistered registered => registered.Content,
            RecordEvent.RecordRevised revised => revised.Content,
            _ => null,
        }).LastOrDefault(content => content is not null);
        return content is null ? null : Records.RecordView.Of(id, Record(events, upTo), content);
    }

    /// <summary>Every attempt a job made on an item, as it stood at last: a later request may have replaced it as the item's latest.</summary>
    public static IEnumerable<Attempt> AttemptsOf(JobId job, List<PastEvent>? events, long upTo)
    {
        var (state, attempts) = (ItemState.Untouched, new Dictionary<AttemptId, Attempt>());
        foreach (var past in Until(events, upTo))
        {
            state = ItemEvolution.Evolve(state, (ItemEvent)past.Event, past.RecordedAt);
            if (state.Attempt is { } attempt && attempt.JobId == job) attempts[attempt.Id] = attempt;
        }
        return attempts.Values;
    }

    private static IEnumerable<PastEvent> Until(List<PastEvent>? events, long upTo) => (events ?? []).TakeWhile(past => past.Position <= upTo);
}
