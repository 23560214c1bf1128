namespace Ledger.Bench.Load;

/// <summary>
/// Counts latencies in buckets 1.6 % wide from 1 µs to over an hour: adding one allocates nothing and costs nanoseconds, which
/// matters where the load generator shares the processor with what it measures.
/// </summary>
internal sealed class Latencies
{
    private const int SubBits = 6;
    private readonly long[] _counts = new long[(40 - SubBits) << SubBits];

    public long Count { get; private set; }

    public void Add(TimeSpan latency)
    {
        _counts[BucketOf((long)latency.TotalMicroseconds)]++;
        Count++;
    }

    public void Add(Latencies other)
    {
        for (var bucket = 0; bucket < _counts.Length; bucket++) _counts[bucket] += other._counts[bucket];
        Count += other.Count;
    }

    /// <summary>Upper bound of the bucket in which the quantile lies, in milliseconds; 0 when nothing was counted.</summary>
    public double Milliseconds(double quantile)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(quantile * Count));
        var seen = 0L;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank) return Microseconds(bucket) / 1_000.0;
        }
        return 0;
    }

    /// <summary>The buckets that are not empty: upper bound in microseconds, count.</summary>
    public IEnumerable<(long Microseconds, long Count)> Buckets() =>
        _counts.Select((count, bucket) => (Microseconds(bucket), count)).Where(pair => pair.count > 0);

    // Below 2^SubBits one bucket per microsecond; above, 2^SubBits buckets per doubling.
    private static int BucketOf(long microseconds)
    {
        var value = (ulong)Math.Clamp(microseconds, 0, (1L << 39) - 1);
        var shift = Math.Max(0, System.Numerics.BitOperations.Log2(value | 1) - SubBits);
        return (shift << SubBits) + (int)(value >> shift);
    }

    private static long Microseconds(int bucket)
    {
        var shift = Math.Max(0, (bucket >> SubBits) - 1);
        return (((long)bucket - ((long)shift << SubBits)) + 1 << shift) - 1;
    }
}
