using Ledger.Domain;
using Ledger.Domain.Integrations;
using Ledger.Domain.Items;
using Ledger.Domain.Jobs;
using Ledger.Domain.Records;
using Ledger.EventStore;
using Ledger.Projections.Integrations;
using Ledger.Projections.Items;
using Ledger.Projections.Jobs;
using Ledger.Projections.Records;
using Npgsql;

namespace Ledger.Projections.Writing;

/// <summary>
/// What one command changes: the decided events of any number of streams, and the read-model rows that follow from them.
/// All of it is appended in one transaction and one round trip, or none of it.
/// </summary>
public sealed class LedgerWrite(string tenantId)
{
    private readonly Dictionary<string, StreamAppend> _streams = [];
    private readonly List<RecordChange> _records = [];
    private readonly List<ItemChange> _items = [];
    private readonly List<JobChange> _jobs = [];
    private readonly List<IntegrationChange> _integrations = [];

    /// <summary>True when there is nothing to append; guards alone do not count.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>Item events decided so far, with the state each item will have: its times are <see cref="RecordedTime.AtCommit"/>.</summary>
    public IReadOnlyList<ItemChange> Items => _items;

    public void Append(RecordSnapshot snapshot, params IReadOnlyList<RecordEvent> events)
    {
        var after = events.Aggregate(snapshot.State, (state, @event) => RecordDecider.Evolve(state, @event, RecordedTime.AtCommit));
        var content = events.Select(@event => @event switch
        {
            RecordEvent.RecordRegistered registered => registered.Content,
            RecordEvent.RecordRevised revised => revised.Content,
            _ => null,
        }).LastOrDefault(content => content is not null);
        _records.Add(new(snapshot.Id, snapshot.State, after, content));
        AddStream(StreamIds.Of(snapshot.Id), "record", snapshot.State.Version, events);
    }

    /// <returns>The state the item will have.</returns>
    public ItemState Append(ItemSnapshot snapshot, params IReadOnlyList<ItemEvent> events)
    {
        var after = events.Aggregate(snapshot.Item, (state, @event) => ItemEvolution.Evolve(state, @event, RecordedTime.AtCommit));
        _items.Add(new(snapshot.System, snapshot.RecordId, snapshot.Record.Number, snapshot.Record.ReadySince, snapshot.Item, after));
        AddStream(StreamIds.Of(snapshot.System, snapshot.RecordId), "item", snapshot.Item.Version, events);
        return after;
    }

    public void Append(JobId id, JobState state, params IReadOnlyList<JobEvent> events)
    {
        _jobs.Add(new(id, state, events.Aggregate(state, (current, @event) => JobDecider.Evolve(current, @event, RecordedTime.AtCommit))));
        AddStream(StreamIds.Of(id), "job", state.Version, events);
    }

    public void Append(IntegrationId id, IntegrationState state, IntegrationEvent @event)
    {
        _integrations.Add(new(id, state, IntegrationDecider.Evolve(state, @event, RecordedTime.AtCommit)));
        AddStream(StreamIds.Of(id), "integration", state.Version, [@event]);
    }

    /// <summary>Lets the append fail unless this record is still at the version the decision saw.</summary>
    public void Guard(RecordId record, long version) => Guard(StreamIds.Of(record), "record", version);

    /// <summary>Lets the append fail unless this job is still at the version the decision saw.</summary>
    public void Guard(JobId job, long version) => Guard(StreamIds.Of(job), "job", version);

    internal string TenantId => tenantId;

    internal int EventCount { get; private set; }

    /// <summary>Every stream this write appends to or holds still, each once.</summary>
    internal IReadOnlyCollection<StreamAppend> Streams => _streams.Values;

    /// <param name="also">Further writes of the same transaction, after the read models.</param>
    /// <param name="recordedAt">The recorded time to use, when it must be known before the append; null: the time of the append.</param>
    public Task<AppendResult> CommitAsync(EventStore.EventStore store, EventMetadata metadata, Action<NpgsqlBatch>? also = null, DateTimeOffset? recordedAt = null, CancellationToken cancellationToken = default) =>
        store.AppendAsync(tenantId, [new(metadata, [.. _streams.Values])], batch => { AddReadModels(batch, [this]); also?.Invoke(batch); }, recordedAt, cancellationToken);

    /// <summary>Commits writes of one tenant together: all or none. No stream may be in two of them, unless all that name it hold it at the same version.</summary>
    internal static Task<AppendResult> CommitAsync(EventStore.EventStore store, IReadOnlyList<(LedgerWrite Write, EventMetadata Metadata)> group, CancellationToken cancellationToken)
    {
        var parts = new AppendPart[group.Count];
        var writes = new LedgerWrite[group.Count];
        for (var index = 0; index < parts.Length; index++) (writes[index], parts[index]) = (group[index].Write, new(group[index].Metadata, [.. group[index].Write._streams.Values]));
        return store.AppendAsync(writes[0].TenantId, parts, batch => AddReadModels(batch, writes), cancellationToken: cancellationToken);
    }

    // Order matters only for jobs: a job's row must be there before its first items are counted.
    private static void AddReadModels(NpgsqlBatch batch, LedgerWrite[] writes)
    {
        var tenant = writes[0].TenantId;
        var (records, items) = (All(writes, write => write._records), All(writes, write => write._items));
        if (records.Count + items.Count > 0) batch.BatchCommands.Add(new NpgsqlBatchCommand(QueueWrites.HoldTenant) { Parameters = { Parameters.Text(tenant) } });
        RecordWrites.AddTo(batch, tenant, records);
        JobWrites.AddTo(batch, tenant, All(writes, write => write._jobs));
        ItemWrites.AddTo(batch, tenant, items);
        IntegrationWrites.AddTo(batch, tenant, All(writes, write => write._integrations));
    }

    private static List<T> All<T>(LedgerWrite[] writes, Func<LedgerWrite, List<T>> changes)
    {
        if (writes.Length == 1) return changes(writes[0]);
        var all = new List<T>();
        foreach (var write in writes) all.AddRange(changes(write));
        return all;
    }

    private void Guard(string stream, string type, long version)
    {
        _streams.TryAdd(stream, new(stream, type, version, []));
    }

    private void AddStream<T>(string stream, string type, long version, IReadOnlyList<T> events) where T : class
    {
        IsEmpty = false;
        EventCount += events.Count;
        var added = new NewEvent[events.Count];
        for (var index = 0; index < added.Length; index++)
        {
            var @event = events[index];
            added[index] = new(Guid.CreateVersion7(), EventTypes.NameOf(@event), EventTypes.DotNetTypeOf(@event), EventTypes.Serialize(@event));
        }
        // What is appended to is held still by that already.
        if (_streams.TryGetValue(stream, out var guard) && guard.Events.Count == 0) _streams.Remove(stream);
        _streams.Add(stream, new(stream, type, version, added));
    }
}
