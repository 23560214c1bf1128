using Ledger.Faults.History;

namespace Ledger.Faults.Lines;

/// <summary>One line of the campaign.</summary>
/// <param name="Unresolved">Requests with a key whose outcome no retry could tell.</param>
/// <param name="Sent">Requests that were sent, where that is more than the operations the table counts; else null.</param>
internal sealed record Result(
    string Name, int Seed, int Faults, IReadOnlyList<Finding> Findings, IReadOnlyList<TimeSpan> Recoveries, int Unresolved, IReadOnlyList<string> BrokenOff, IReadOnlyList<string> Unhandled, IReadOnlyList<string> DifferingRows, TimeSpan Took, int? Sent)
{
    /// <summary>Seconds the service took to end, where that was the fault.</summary>
    public IReadOnlyList<TimeSpan> Ends { get; init; } = [];

    public string? Remark { get; init; }

    /// <summary>Whether every read model equals the replay of the events.</summary>
    public bool ReadModelsEqual => DifferingRows.Count == 0;

    public bool IsClean => Findings.All(finding => finding.IsClean) && Unresolved == 0 && Unhandled.Count == 0 && ReadModelsEqual;

    public const string Header = """
        | fault | injected | operations | acknowledged | unknown | events | lost | duplicated | partial | impossible | 500 | read models | recovery p50 / max |
        |---|---|---|---|---|---|---|---|---|---|---|---|---|
        """;

    public string Row()
    {
        int Sum(Func<Finding, int> count) => Findings.Sum(count);
        return $"| {Name} | {Faults} | {Sum(finding => finding.Operations):N0} | {Sum(finding => finding.Acknowledged):N0} | {Sum(finding => finding.Unknown):N0} | {Findings.Sum(finding => finding.Events):N0} "
            + $"| {Sum(finding => finding.Lost)} | {Sum(finding => finding.Duplicated)} | {Sum(finding => finding.Partial)} | {Sum(finding => finding.Impossible)} | {Unhandled.Count} | {(ReadModelsEqual ? "equal" : "DIFFER")} "
            + $"| {(Recoveries.Count == 0 ? "–" : $"{Recoveries[Recoveries.Count / 2].TotalSeconds:0.00} / {Recoveries[^1].TotalSeconds:0.00} s")} |";
    }

    public IEnumerable<string> Details() =>
        Findings.SelectMany(finding => finding.What).Concat(Unhandled).Concat(DifferingRows).Concat(Unresolved > 0 ? [$"{Unresolved} requests with a key stayed without an outcome"] : []).Take(20);
}
