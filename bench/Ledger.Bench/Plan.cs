namespace Ledger.Bench;

/// <summary>How much of everything. The shape of a run never changes, only its sizes.</summary>
/// <param name="Runs">Measured runs of every line, after one that warms up.</param>
/// <param name="Slice">How long one variant is under load in one run.</param>
/// <param name="Imported">Records of one NDJSON import that is timed.</param>
/// <param name="LargeImport">Records of the one import whose memory is watched.</param>
/// <param name="Ledgers">Records per ledger for the queue's questions, smallest first.</param>
/// <param name="RebuiltEvents">Events a rebuild folds.</param>
/// <param name="Rebuilds">Measured rebuilds.</param>
internal sealed record Plan(string Name, int Runs, TimeSpan Slice, int Imported, int LargeImport, long[] Ledgers, long RebuiltEvents, int Rebuilds)
{
    public static Plan Quick { get; } = new("quick", 1, TimeSpan.FromSeconds(0.5), 20_000, 60_000, [10_000, 100_000], 200_000, 1);

    /// <summary>What does not shrink with the slices: filling ledgers, pages, importing, sealing and rebuilding millions, starting.</summary>
    private static readonly TimeSpan FixedPart = TimeSpan.FromMinutes(20);
    private const int Slices = 190;

    /// <summary>Reports with nothing beside them, for each rebuild. Full size: 400 of them; fewer would have no 99th percentile but the slowest.</summary>
    public TimeSpan IdleReports => TimeSpan.FromSeconds(2) * Runs;

    /// <summary>A page takes milliseconds: this is many of them.</summary>
    public TimeSpan PageSlice => TimeSpan.FromSeconds(Math.Clamp(Slice.TotalSeconds / 8, 0.2, 0.4));

    /// <summary>Full sizes; the slices are what fits into the time.</summary>
    public static Plan Within(TimeSpan time)
    {
        var slice = TimeSpan.FromSeconds(Math.Clamp((time - FixedPart).TotalSeconds / Slices, 1.5, 10));
        return new($"{time.TotalMinutes:0} minutes", 5, slice, 200_000, 2_000_000, [10_000, 1_000_000, 10_000_000], 5_000_000, time < TimeSpan.FromMinutes(30) ? 2 : 3);
    }
}
