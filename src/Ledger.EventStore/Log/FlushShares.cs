namespace Ledger.EventStore.Log;

/// <summary>Divides what one flush takes on among the tenants that have something to be logged: nobody's backlog keeps the others waiting.</summary>
internal static class FlushShares
{
    /// <param name="waiting">How many events of each tenant wait; each at least 1.</param>
    /// <param name="limit">How many events may be taken in all; tenants beyond that number get nothing this time.</param>
    /// <returns>As many as wait, or an equal share of what the smaller ones leave.</returns>
    public static long[] Of(IReadOnlyList<long> waiting, int limit)
    {
        var shares = new long[waiting.Count];
        long left = limit;
        var ascending = Enumerable.Range(0, waiting.Count).OrderBy(index => waiting[index]).Take(limit).ToArray();
        for (var turn = 0; turn < ascending.Length; turn++)
        {
            var share = Math.Min(waiting[ascending[turn]], left / (ascending.Length - turn));
            shares[ascending[turn]] = share;
            left -= share;
        }
        return shares;
    }
}
