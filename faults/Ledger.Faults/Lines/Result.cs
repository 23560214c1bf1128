using Ledger.Faults.History;

namespace Ledger.Faults.Lines;

/// <summary>What a line found.</summary>
/// <param name="Faults">How many faults were injected; in a line that only sends requests, how many.</param>
internal sealed record Result(int Faults)
{
    public const string Header = """
        | fault | injected | operations | acknowledged | unknown | events | lost | duplicated | partial | impossible | 500 | read models | recovery p50 / max |
        |---|---|---|---|---|---|---|---|---|---|---|---|---|
        """;

    /// <summary>The judge's, one per tenant; none in a line that has its own checks only.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>Ascending: from the fault until requests were acknowledged again.</summary>
    public IReadOnlyList<TimeSpan> Recoveries { get; init; } = [];

    /// <summary>Requests with a key whose outcome no retry could tell.</summary>
    public int Unresolved { get; init; }

    /// <summary>Requests that were sent, retries and repetitions included.</summary>
    public int Sent { get; init; }

    /// <summary>Requests whose connection ended before their answer came.</summary>
    public IReadOnlyList<string> BrokenOff { get; init; } = [];

    /// <summary>Answers with status 500, and any other that no contract has.</summary>
    public IReadOnlyList<string> Unhandled { get; init; } = [];

    /// <summary>Rows of read models that differ from the replay of the events; null: not compared.</summary>
    public IReadOnlyList<string>? DifferingRows { get; init; }

    /// <summary>Whatever else had to hold in this line and did not.</summary>
    public IReadOnlyList<string> Wrong { get; init; } = [];

    /// <summary>Figures that the table has no column for.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>What the judge found is told and not held against the service: it has promised nothing there.</summary>
    public bool IsMeasured { get; init; }

    public bool IsClean => (IsMeasured || Findings.All(finding => finding.IsClean)) && Unresolved == 0 && Unhandled.Count == 0 && DifferingRows is null or [] && Wrong.Count == 0;

    /// <summary>Both parts of one line.</summary>
    public static Result Sum(Result first, Result second) => new(first.Faults + second.Faults)
    {
        Findings = [.. first.Findings, .. second.Findings],
        Recoveries = [.. first.Recoveries.Concat(second.Recoveries).Order()],
        Unresolved = first.Unresolved + second.Unresolved,
        Sent = first.Sent + second.Sent,
        BrokenOff = [.. first.BrokenOff, .. second.BrokenOff],
        Unhandled = [.. first.Unhandled, .. second.Unhandled],
        DifferingRows = [.. first.DifferingRows ?? [], .. second.DifferingRows ?? []],
        Wrong = [.. first.Wrong, .. second.Wrong],
        Remarks = [.. first.Remarks, .. second.Remarks],
    };

    public string Row(string name)
    {
        string Sum(Func<Finding, long> count) => Findings.Count == 0 ? "–" : $"{Findings.Sum(count):N0}";
        return $"| {name} | {Faults:N0} | {(Findings.Count == 0 ? $"{Sent:N0}" : Sum(finding => finding.Operations))} | {Sum(finding => finding.Acknowledged)} | {Sum(finding => finding.Unknown)} | {Sum(finding => finding.Events)} "
            + $"| {Sum(finding => finding.Lost)} | {Sum(finding => finding.Duplicated)} | {Sum(finding => finding.Partial)} | {Sum(finding => finding.Impossible)} | {Unhandled.Count} | {DifferingRows switch { null => "–", [] => "equal", _ => "DIFFER" }} "
            + $"| {(Recoveries.Count == 0 ? "–" : $"{Recoveries[Recoveries.Count / 2].TotalSeconds:0.00} / {Recoveries[^1].TotalSeconds:0.00} s")} |";
    }

    /// <summary>What is wrong, the first of it.</summary>
    public IEnumerable<string> Details() =>
        (IsMeasured ? [] : Findings.SelectMany(finding => finding.What)).Concat(Unhandled).Concat(DifferingRows ?? []).Concat(Wrong).Concat(Unresolved > 0 ? [$"{Unresolved} requests with a key stayed without an outcome"] : []).Take(20);
}
