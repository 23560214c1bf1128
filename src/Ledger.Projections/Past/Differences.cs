using Ledger.Domain;
using Ledger.Domain.Items;
using Npgsql;

namespace Ledger.Projections.Past;

/// <summary>A place among differences: everything before the position is done, and at it so many of the systems.</summary>
public sealed record DifferencePlace(long Position, int Systems);

/// <param name="From">Position of the earlier moment.</param>
/// <param name="To">Position of the later one, at or after the earlier.</param>
/// <param name="System">Only this system, in which everything registered is offered before anything happens; null: every system in which something had happened at the later moment.</param>
public sealed record DifferenceQuestion(string TenantId, long From, long To, SystemId? System, DifferencePlace? After, int Limit);

/// <summary>An item whose state is not the same at both moments.</summary>
/// <param name="Position">The first event between the moments of the item or of its record.</param>
/// <param name="From">Null: the record was not registered.</param>
public sealed record ItemDifference(long Position, SystemId System, RecordId Record, PastItem? From, PastItem To);

/// <param name="Next">Null at the end. A page may hold fewer than asked for, and still be followed by others.</param>
public sealed record DifferencePage(IReadOnlyList<ItemDifference> Differences, DifferencePlace? Next);

/// <summary>
/// Compares two moments by the events between them: each item that any of them touched, once, at the first of them. Nothing is read but the history, so the pages are the same
/// for ever; memory holds a page and some hundred streams.
/// </summary>
/// <param name="look">Events a page looks at, and about how many items, at most; tests make it small.</param>
public sealed class Differences(NpgsqlDataSource dataSource, int look = Differences.Look)
{
    public const int Look = 5_000;

    private const int Chunk = 200;

    private const string Events = """
        select p.position, e.stream_id
          from (select position, seq_id from ledger.event_positions where tenant_id = $1 and position > $2 and position <= $3 order by position offset 0) p
         cross join lateral (select stream_id from ledger.mt_events where seq_id = p.seq_id offset 0) e
         where starts_with(e.stream_id, 'record/') or starts_with(e.stream_id, 'item/') order by p.position
        """;

    /// <param name="Index">Of the system among those compared, which are always the same between two moments.</param>
    private readonly record struct Pair(long Position, int Index, SystemId System, RecordId Record)
    {
        public DifferencePlace Behind => new(Position, Index + 1);
    }

    public async Task<DifferencePage> ReadAsync(DifferenceQuestion question, CancellationToken cancellationToken)
    {
        if (question.System is null) await PastSystems.LookAsync(dataSource, question.TenantId, question.To, cancellationToken);
        await using var snapshot = await PastSnapshot.OpenAsync(dataSource, question.TenantId, question.To, cancellationToken);
        IReadOnlyList<SystemId> systems = question.System is { } one ? [one] : [.. (await PastSystems.KnownAsync(snapshot, cancellationToken)).Select(system => system.System).OrderBy(system => system.Value, StringComparer.Ordinal)];
        // Of the position a page ended at, some systems may be left.
        var start = question.After is null ? question.From : question.After.Position - 1;
        var end = Math.Min(question.To, start + look);
        var touched = await snapshot.ListAsync(Events, row => (Position: row.GetInt64(0), Stream: row.GetString(1)), cancellationToken,
            new NpgsqlParameter<long> { TypedValue = start }, new NpgsqlParameter<long> { TypedValue = end });
        var differences = new List<(Pair Pair, ItemDifference Difference)>();
        var looked = 0;
        var pairs = touched.SelectMany(@event => PairsOf(@event.Position, @event.Stream, systems)).Where(pair => IsAfter(pair, question.After)).DistinctBy(pair => (pair.System, pair.Record));
        foreach (var chunk in pairs.Chunk(Chunk))
        {
            differences.AddRange(await DifferentAsync(snapshot, chunk, question, cancellationToken));
            if (differences.Count > question.Limit) return new([.. differences.Take(question.Limit).Select(difference => difference.Difference)], differences[question.Limit - 1].Pair.Behind);
            if ((looked += chunk.Length) >= look) return new([.. differences.Select(difference => difference.Difference)], chunk[^1].Behind);
        }
        return new([.. differences.Select(difference => difference.Difference)], end < question.To ? new(end + 1, 0) : null);
    }

    private static IEnumerable<Pair> PairsOf(long position, string stream, IReadOnlyList<SystemId> systems)
    {
        if (stream.StartsWith(StreamIds.RecordPrefix, StringComparison.Ordinal))
        {
            var record = new RecordId(stream[StreamIds.RecordPrefix.Length..]);
            return systems.Select((system, index) => new Pair(position, index, system, record));
        }
        return StreamIds.TryParseItem(stream, out var own, out var item) ? systems.Index().Where(system => system.Item == own).Select(system => new Pair(position, system.Index, own, item)) : [];
    }

    private static bool IsAfter(Pair pair, DifferencePlace? place) => place is null || pair.Position > place.Position || pair.Index >= place.Systems;

    private static async Task<IEnumerable<(Pair, ItemDifference)>> DifferentAsync(PastSnapshot snapshot, Pair[] pairs, DifferenceQuestion question, CancellationToken cancellationToken)
    {
        var events = await snapshot.EventsAsync(pairs.SelectMany(pair => (string[])[StreamIds.Of(pair.Record), StreamIds.Of(pair.System, pair.Record)]), cancellationToken);
        return pairs.Select(pair => (pair, Difference(pair, events.GetValueOrDefault(StreamIds.Of(pair.Record)), events.GetValueOrDefault(StreamIds.Of(pair.System, pair.Record)), question)))
            .Where(found => found.Item2 is not null).Select(found => (found.pair, found.Item2!));
    }

    private static ItemDifference? Difference(Pair pair, List<PastEvent>? record, List<PastEvent>? item, DifferenceQuestion question)
    {
        // Told once, at the first event between the moments.
        if (First(record, question.From) < pair.Position || First(item, question.From) < pair.Position) return null;
        var (before, after) = (StateAt(record, item, question.From), StateAt(record, item, question.To));
        return after is null || IsSame(before, after) ? null : new(pair.Position, pair.System, pair.Record, before, after);
    }

    private static long? First(List<PastEvent>? events, long after) => events?.Find(past => past.Position > after)?.Position;

    private static PastItem? StateAt(List<PastEvent>? record, List<PastEvent>? item, long position)
    {
        var state = PastFold.Record(record, position);
        return state.IsRegistered ? new(state, PastFold.Item(item, position)) : null;
    }

    // A record's content is not the state of its items; whether it is ready is.
    private static bool IsSame(PastItem? before, PastItem after) => before is not null && before.Item == after.Item && StatusOf(before) == StatusOf(after);

    private static ItemStatus StatusOf(PastItem item) => item.Item.StatusFor(item.Record.IsReady);
}
