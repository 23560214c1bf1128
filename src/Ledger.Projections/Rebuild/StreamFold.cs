using System.Text;
using Ledger.Domain;
using Ledger.Domain.Integrations;
using Ledger.Domain.Items;
using Ledger.Domain.Jobs;
using Ledger.Domain.Records;

namespace Ledger.Projections.Rebuild;

/// <summary>
/// Folds the streams of one file of <see cref="EventSpill"/>, each from its first event, into rows. It shares the domain's fold with the inline
/// read models and nothing else: no SQL, no state in hand.
/// </summary>
/// <param name="systems">Of each tenant: whose queues there are.</param>
internal sealed class StreamFold(IReadOnlyDictionary<string, IReadOnlyList<KnownSystem>> systems)
{
    private readonly ByteKeyed<RecordFold> _records = new();
    private readonly Dictionary<(string Tenant, string Stream), JobState> _jobs = [];
    private readonly Dictionary<(string Tenant, string Stream), IntegrationState> _integrations = [];
    private readonly ByteKeyed<string> _names = new();
    private readonly Dictionary<string, object> _bare = [];
    private readonly KeptRows _kept = new();

    private sealed class RecordFold(string tenant, RecordId id)
    {
        public string Tenant => tenant;
        public RecordId Id => id;
        public RecordState State { get; set; } = RecordState.NotRegistered;
        public RecordContent? Content { get; set; }
        public List<ItemFold> Items { get; } = [];

        public ItemFold? ItemOf(string system)
        {
            foreach (var item in Items)
                if (item.System.Value == system) return item;
            return null;
        }
    }

    private sealed class ItemFold(SystemId system)
    {
        public SystemId System => system;
        public ItemState State { get; set; } = ItemState.Untouched;
    }

    /// <param name="rows">Gets what is not the same on both sides.</param>
    /// <param name="sums">Null: not all events are folded, and sums would say nothing.</param>
    public void Fold(byte[] file, int length, ReplayRows rows, ReplaySums? sums)
    {
        _records.Clear();
        _jobs.Clear();
        _integrations.Clear();
        _kept.Start(file);
        for (var at = 0; at < length;)
        {
            var tag = SpilledRow.At(file, ref at, out var row);
            if (tag == SpilledRow.Event) Fold(SpilledEvent.At(file.AsSpan(row)), rows, sums);
            else _kept.Add(tag, row);
        }
        _kept.Complete();
        Write(rows, sums);
        rows.Compare(_kept);
    }

    private void Fold(SpilledEvent recorded, ReplayRows rows, ReplaySums? sums)
    {
        var at = recorded.RecordedAt;
        switch (Event(Name(recorded.Type), recorded.Data))
        {
            case RecordEvent @event:
                if (!recorded.IsOfRecord) throw new InvalidOperationException($"Record events in stream {Encoding.UTF8.GetString(recorded.Stream)}.");
                var record = Record(recorded);
                record.Content = @event switch { RecordEvent.RecordRegistered registered => registered.Content, RecordEvent.RecordRevised revised => revised.Content, _ => record.Content };
                record.State = RecordDecider.Evolve(record.State, @event, at);
                break;
            case ItemEvent @event:
                var (of, item) = Item(recorded);
                // The next request replaces the attempt: what it was before is its final row.
                if (@event is ItemEvent.ExportRequested && item.State.Attempt is { } replaced) Add(of, item, replaced, rows, sums);
                item.State = ItemEvolution.Evolve(item.State, @event, at);
                break;
            case JobEvent @event:
                var job = (Name(recorded.Tenant), Encoding.UTF8.GetString(recorded.Stream));
                _jobs[job] = JobDecider.Evolve(_jobs.GetValueOrDefault(job, JobState.None), @event, at);
                break;
            case IntegrationEvent @event:
                var integration = (Name(recorded.Tenant), Encoding.UTF8.GetString(recorded.Stream));
                _integrations[integration] = IntegrationDecider.Evolve(_integrations.GetValueOrDefault(integration, IntegrationState.None), @event, at);
                break;
            case var other:
                throw new InvalidOperationException($"No read model knows {other.GetType().Name}.");
        }
    }

    // Events never change: of those that say nothing but their name, one of a kind does for all.
    private object Event(string type, ReadOnlySpan<byte> data)
    {
        if (!data.SequenceEqual("{}"u8)) return EventTypes.Deserialize(type, data);
        if (!_bare.TryGetValue(type, out var bare)) _bare.Add(type, bare = EventTypes.Deserialize(type, data));
        return bare;
    }

    private void Write(ReplayRows rows, ReplaySums? sums)
    {
        foreach (var record in _records.Values)
        {
            if (record.Content is null) throw new InvalidOperationException($"Items of {record.Id.Value} have no record.");
            rows.Add(record.Tenant, record.Id.Value, record.State, record.Content);
            foreach (var item in record.Items)
            {
                rows.Add(record.Tenant, item.System, record.Id, record.State.Number, item.State);
                sums?.Add(record.Tenant, item.System.Value, record.State.Number, item.State);
                if (item.State.Attempt is { } latest) Add(record, item, latest, rows, sums);
            }
            if (systems.TryGetValue(record.Tenant, out var known)) Queue(record, known, rows, sums);
        }
        foreach (var ((tenant, stream), state) in _jobs) rows.Add(tenant, Guid.Parse(stream[StreamIds.JobPrefix.Length..]), state);
        foreach (var ((tenant, stream), state) in _integrations) rows.Add(tenant, stream[StreamIds.IntegrationPrefix.Length..], state);
    }

    private static void Add(RecordFold record, ItemFold item, Attempt attempt, ReplayRows rows, ReplaySums? sums)
    {
        rows.Add(record.Tenant, item.System, record.Id, attempt);
        sums?.Add(record.Tenant, attempt);
    }

    // A queue that is still being filled holds the records up to `offered_through`, and whatever happened above it since.
    private void Queue(RecordFold record, IReadOnlyList<KnownSystem> known, ReplayRows rows, ReplaySums? sums)
    {
        foreach (var system in known)
        {
            var item = record.ItemOf(system.Id);
            if (item?.State.ExportedSince is not null || (system.OfferedThrough < record.State.Number && !_kept.HasQueued(record.Tenant, system.Id, record.State.Number))) continue;
            rows.Add(record.Tenant, system.Id, record.Id.Value, record.State, touched: item is not null);
            if (record.State.ReadySince is not null) sums?.Offer(record.Tenant, system.Id);
        }
    }

    private RecordFold Record(SpilledEvent recorded)
    {
        var tenant = recorded.Tenant;
        var name = recorded.Name;
        Span<byte> key = tenant.Length + name.Length < 512 ? stackalloc byte[tenant.Length + name.Length + 1] : new byte[tenant.Length + name.Length + 1];
        tenant.CopyTo(key);
        key[tenant.Length] = 0xFF;   // which no UTF-8 has
        name.CopyTo(key[(tenant.Length + 1)..]);
        if (!_records.TryGetValue(key, out var record)) _records.Add(key, record = new(Name(tenant), new(Encoding.UTF8.GetString(name))));
        return record;
    }

    private (RecordFold Record, ItemFold Item) Item(SpilledEvent recorded)
    {
        // Its escaped name stands between two slashes.
        var rest = recorded.IsOfItem ? recorded.Stream[StreamIds.ItemPrefix.Length..] : default;
        var slash = rest.IndexOf((byte)'/');
        if (slash < 1 || slash == rest.Length - 1) throw new InvalidOperationException($"Item events in stream {Encoding.UTF8.GetString(recorded.Stream)}.");
        var record = Record(recorded);
        var system = System(rest[..slash]);
        if (record.ItemOf(system) is not { } item) record.Items.Add(item = new(new(system)));
        return (record, item);
    }

    private string System(ReadOnlySpan<byte> escaped) => escaped.Contains((byte)'%') ? StreamIds.Unescape(Encoding.UTF8.GetString(escaped)) : Name(escaped);

    // A few tenants, systems and types.
    private string Name(ReadOnlySpan<byte> name)
    {
        if (!_names.TryGetValue(name, out var known)) _names.Add(name, known = Encoding.UTF8.GetString(name));
        return known;
    }
}
