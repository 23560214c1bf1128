namespace Ledger.EventStore.Sealing;

/// <summary>
/// The seq_ids below the highest one seen that have not been seen: each belongs to a transaction that is still open, or to
/// one that was rolled back. A writer owns a transaction id before it draws a seq_id, so once every transaction that was
/// open when a number was first missed has ended, the number has either been seen or will never come.
/// </summary>
/// <remarks>
/// "Open when it was first missed" is dated by the id of the sealer's *next* transaction. The snapshot's own xmax will not
/// do: it is one past the highest *completed* id, so an open writer's id may lie at or above it, and its events would be
/// given up while it still runs.
/// </remarks>
internal sealed class MissingRanges
{
    private readonly record struct Range(long First, long Last, ulong OwnersBelow);

    private const ulong Undated = ulong.MaxValue;

    private List<Range> _ranges = [];

    public bool IsEmpty => _ranges.Count == 0;

    /// <summary>Takes out what has been seen and notes what is missing between the rows.</summary>
    /// <param name="rows">Ascending by seq_id.</param>
    /// <param name="highest">The highest seq_id seen before.</param>
    /// <returns>The highest seq_id seen now.</returns>
    public long Note(IReadOnlyList<UnsealedEvent> rows, long highest)
    {
        var seen = rows.Where(row => row.SeqId <= highest).Select(row => row.SeqId).ToList();
        if (seen.Count > 0) _ranges = [.. Without(_ranges, seen)];
        foreach (var row in rows)
        {
            if (row.SeqId <= highest) continue;
            if (row.SeqId > highest + 1) _ranges.Add(new(highest + 1, row.SeqId - 1, Undated));
            highest = row.SeqId;
        }
        return highest;
    }

    /// <summary>Dates what earlier batches missed.</summary>
    /// <param name="transactionId">A transaction id assigned after those batches had read.</param>
    public void Date(ulong transactionId) => _ranges = [.. _ranges.Select(range => range.OwnersBelow == Undated ? range with { OwnersBelow = transactionId } : range)];

    /// <summary>Gives up the numbers whose possible owners have all ended.</summary>
    /// <param name="oldest">The snapshot's xmin: every smaller transaction id has ended, and its rows were visible.</param>
    public void Settle(ulong oldest) => _ranges.RemoveAll(range => range.OwnersBelow <= oldest);

    /// <summary>The largest seq_id at or below which nothing is missing.</summary>
    public long FloorBelow(long highest) => _ranges.Count == 0 ? highest : _ranges[0].First - 1;

    public (long[] First, long[] Last) Bounds() => ([.. _ranges.Select(range => range.First)], [.. _ranges.Select(range => range.Last)]);

    private static IEnumerable<Range> Without(List<Range> ranges, List<long> seen)
    {
        var at = 0;
        foreach (var range in ranges)
        {
            var first = range.First;
            for (; at < seen.Count && seen[at] <= range.Last; at++)
            {
                if (seen[at] > first) yield return range with { First = first, Last = seen[at] - 1 };
                first = seen[at] + 1;
            }
            if (first <= range.Last) yield return range with { First = first };
        }
    }
}
