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
internal sealed class StreamFold
{
    private readonly Dictionary<(string Tenant, string Stream), (RecordState State, RecordContent Content)> _records = [];
    private readonly Dictionary<(string Tenant, string Stream), ItemFold> _items = [];
    private readonly Dictionary<(string Tenant, string Stream), JobState> _jobs = [];
    private readonly Dictionary<(string Tenant, string Stream), IntegrationState> _integrations = [];
    private readonly Dictionary<int, string> _types = [];
    private string _tenant = "";

    private sealed class ItemFold(SystemId system, RecordId record)
    {
        public SystemId System => system;
        public RecordId Record => record;
        public ItemState State { get; set; } = ItemState.Untouched;
    }

    public void Fold(ReadOnlySpan<byte> file, ReplayRows rows)
    {
        _records.Clear();
        _items.Clear();
        _jobs.Clear();
        _integrations.Clear();
        for (var at = 0; at < file.Length;) Fold(SpilledEvent.At(file, at, out at), rows);
        Write(rows);
    }

    private void Fold(SpilledEvent recorded, ReplayRows rows)
    {
        var key = (Tenant(recorded.Tenant), Stream: Encoding.UTF8.GetString(recorded.Stream));
        var at = recorded.RecordedAt;
        switch (EventTypes.Deserialize(Type(recorded.Type), recorded.Data))
        {
            case RecordEvent @event:
                var (state, content) = _records.TryGetValue(key, out var known) ? known : (RecordState.NotRegistered, null!);
                content = @event switch { RecordEvent.RecordRegistered registered => registered.Content, RecordEvent.RecordRevised revised => revised.Content, _ => content };
                _records[key] = (RecordDecider.Evolve(state, @event, at), content);
                break;
            case ItemEvent @event:
                if (!_items.TryGetValue(key, out var item)) _items.Add(key, item = Item(key.Stream));
                // The next request replaces the attempt: what it was before is its final row.
                if (@event is ItemEvent.ExportRequested && item.State.Attempt is { } replaced) rows.Add(key.Item1, item.System, item.Record, replaced);
                item.State = ItemEvolution.Evolve(item.State, @event, at);
                break;
            case JobEvent @event:
                _jobs[key] = JobDecider.Evolve(_jobs.GetValueOrDefault(key, JobState.None), @event, at);
                break;
            case IntegrationEvent @event:
                _integrations[key] = IntegrationDecider.Evolve(_integrations.GetValueOrDefault(key, IntegrationState.None), @event, at);
                break;
            case var other:
                throw new InvalidOperationException($"No read model knows {other.GetType().Name}.");
        }
    }

    private void Write(ReplayRows rows)
    {
        foreach (var ((tenant, stream), (state, content)) in _records) rows.Add(tenant, stream[StreamIds.RecordPrefix.Length..], state, content);
        foreach (var ((tenant, stream), item) in _items)
        {
            var number = _records.TryGetValue((tenant, StreamIds.Of(item.Record)), out var record) ? record.State.Number : throw new InvalidOperationException($"Stream {stream} has no record.");
            rows.Add(tenant, item.System, item.Record, number, item.State);
            if (item.State.Attempt is { } latest) rows.Add(tenant, item.System, item.Record, latest);
        }
        foreach (var ((tenant, stream), state) in _jobs) rows.Add(tenant, Guid.Parse(stream[StreamIds.JobPrefix.Length..]), state);
        foreach (var ((tenant, stream), state) in _integrations) rows.Add(tenant, stream[StreamIds.IntegrationPrefix.Length..], state);
    }

    private static ItemFold Item(string stream) =>
        StreamIds.TryParseItem(stream, out var system, out var record) ? new(system, record) : throw new InvalidOperationException($"Item events in stream {stream}.");

    // Neighbours are mostly of one tenant.
    private string Tenant(ReadOnlySpan<byte> name)
    {
        Span<char> text = stackalloc char[name.Length <= 512 ? name.Length : 0];
        if (name.Length > 512) return Encoding.UTF8.GetString(name);
        text = text[..Encoding.UTF8.GetChars(name, text)];
        if (!text.SequenceEqual(_tenant)) _tenant = text.ToString();
        return _tenant;
    }

    // A few names, told apart by what they are made of; a clash of hashes only costs a new string.
    private string Type(ReadOnlySpan<byte> name)
    {
        var hash = name.Length;
        foreach (var letter in name) hash = (hash * 31) + letter;
        if (_types.TryGetValue(hash, out var known) && Ascii.Equals(name, known)) return known;
        return _types[hash] = Encoding.UTF8.GetString(name);
    }
}
