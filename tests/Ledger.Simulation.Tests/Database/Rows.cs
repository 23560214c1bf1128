using System.Collections.Immutable;
using Ledger.Domain;
using Ledger.Domain.Integrations;
using Ledger.Domain.Items;
using Ledger.Domain.Jobs;
using Ledger.Domain.Records;
using Ledger.Projections.Jobs;

namespace Ledger.Simulation.Tests.Database;

/// <summary>The read models of one tenant as of one commit, folded from the stored bodies of the events. A new commit makes a new one.</summary>
internal sealed record Rows(
    ImmutableDictionary<string, long> Versions,
    ImmutableDictionary<RecordId, RecordState> Records,
    ImmutableDictionary<(SystemId System, RecordId Record), ItemState> Items,
    ImmutableDictionary<AttemptId, (SystemId System, RecordId Record, Attempt Attempt)> Attempts,
    ImmutableDictionary<JobId, JobState> Jobs,
    ImmutableDictionary<JobId, DateTimeOffset> Touched,
    ImmutableDictionary<IntegrationId, IntegrationState> Integrations)
{
    public static Rows Empty { get; } = new(
        ImmutableDictionary<string, long>.Empty, ImmutableDictionary<RecordId, RecordState>.Empty, ImmutableDictionary<(SystemId, RecordId), ItemState>.Empty,
        ImmutableDictionary<AttemptId, (SystemId, RecordId, Attempt)>.Empty, ImmutableDictionary<JobId, JobState>.Empty, ImmutableDictionary<JobId, DateTimeOffset>.Empty,
        ImmutableDictionary<IntegrationId, IntegrationState>.Empty);

    /// <exception cref="InvalidOperationException">A stream holds an event that cannot follow what it holds already.</exception>
    public Rows With(StoredEvent stored)
    {
        var next = this with { Versions = Versions.SetItem(stored.StreamId, stored.Version) };
        return EventTypes.Deserialize(stored.Event.Type, stored.Event.Data) switch
        {
            RecordEvent @event => next.With(new RecordId(stored.StreamId[StreamIds.RecordPrefix.Length..]), @event, stored.RecordedAt),
            ItemEvent @event when StreamIds.TryParseItem(stored.StreamId, out var system, out var record) => next.With(system, record, @event, stored.RecordedAt),
            JobEvent @event => next.With(new JobId(Guid.Parse(stored.StreamId[StreamIds.JobPrefix.Length..])), @event, stored.RecordedAt),
            IntegrationEvent @event => next.With(new IntegrationId(stored.StreamId[StreamIds.IntegrationPrefix.Length..]), @event, stored.RecordedAt),
            _ => throw new InvalidOperationException($"{stored.Event.Type} in {stored.StreamId}"),
        };
    }

    public JobSnapshot Snapshot(JobId id)
    {
        var own = Attempts.Values.Where(row => row.Attempt.JobId == id).CountBy(row => row.Attempt.Status).ToDictionary();
        int Count(AttemptStatus status) => own.GetValueOrDefault(status);
        return new(id, Jobs[id],
            new(Count(AttemptStatus.Pending), Count(AttemptStatus.InProgress), Count(AttemptStatus.Successful), Count(AttemptStatus.Failed), Count(AttemptStatus.Abandoned), Count(AttemptStatus.Cancelled)), Touched[id]);
    }

    private Rows With(RecordId id, RecordEvent @event, DateTimeOffset at) =>
        this with { Records = Records.SetItem(id, RecordDecider.Evolve(Records.GetValueOrDefault(id, RecordState.NotRegistered), @event, at)) };

    private Rows With(SystemId system, RecordId record, ItemEvent @event, DateTimeOffset at)
    {
        var after = ItemEvolution.Evolve(Items.GetValueOrDefault((system, record), ItemState.Untouched), @event, at);
        var next = this with { Items = Items.SetItem((system, record), after) };
        if (after.Attempt is not { } attempt) return next;
        return next with
        {
            Attempts = Attempts.SetItem(attempt.Id, (system, record, attempt)),
            Touched = attempt.JobId is { } job ? Touched.SetItem(job, at) : Touched,
        };
    }

    private Rows With(JobId id, JobEvent @event, DateTimeOffset at) =>
        this with { Jobs = Jobs.SetItem(id, JobDecider.Evolve(Jobs.GetValueOrDefault(id, JobState.None), @event, at)), Touched = Touched.SetItem(id, at) };

    private Rows With(IntegrationId id, IntegrationEvent @event, DateTimeOffset at) =>
        this with { Integrations = Integrations.SetItem(id, IntegrationDecider.Evolve(Integrations.GetValueOrDefault(id, IntegrationState.None), @event, at)) };
}
