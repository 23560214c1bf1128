using Ledger.Bench.Load;

namespace Ledger.Bench.Results;

/// <summary>All measured runs of one variant of one case.</summary>
internal sealed record Series(string Case, string Variant, IReadOnlyList<Sample> Runs)
{
    public double PerSecond => Median(Runs.Select(run => run.PerSecond));
    public double Slowest => Runs.Min(run => run.PerSecond);
    public double Fastest => Runs.Max(run => run.PerSecond);
    public double? BytesPerItem => Runs.All(run => run.BytesPerItem is not null) ? Median(Runs.Select(run => run.BytesPerItem!.Value)) : null;
    public long? ResidentBytes => Runs.Max(run => run.ResidentBytes);

    /// <summary>Median over the runs of one run's quantile: one bad second must not become everybody's tail.</summary>
    public double Milliseconds(double quantile) => Median(Runs.Select(run => run.Latencies.Milliseconds(quantile)));

    /// <summary>Over all runs together, bad seconds included.</summary>
    public double WorstMilliseconds(double quantile)
    {
        var all = new Latencies();
        foreach (var run in Runs) all.Add(run.Latencies);
        return all.Milliseconds(quantile);
    }

    public double? ProcessorMicroseconds(Func<Sample, TimeSpan?> whose) =>
        Runs.All(run => whose(run) is not null && run.Items > 0) ? Median(Runs.Select(run => whose(run)!.Value.TotalMicroseconds / run.Items)) : null;

    public double More(string name) => Median(Runs.Select(run => run.More[name]));

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? 0 : sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}
