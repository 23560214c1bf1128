using System.Text.Json.Serialization;
using Ledger.Api.Commands;
using Ledger.Api.Native.Records;
using Ledger.Domain;

namespace Ledger.Api.Native.Systems;

/// <param name="Status">applied, unchanged or rejected.</param>
/// <param name="Version">Events in the item's stream after the call; null when rejected.</param>
internal sealed record ItemResult(string? RecordId, string Status, long? Version, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ItemProblem? Problem)
{
    public static ItemResult Rejected(string? recordId, ItemProblem problem) => new(recordId, "rejected", null, problem);

    public static ItemResult Of(RecordId record, ItemOutcome outcome) => outcome.Refusal is { } refusal
        ? Rejected(record.Value, ProblemOf(refusal))
        : new(record.Value, outcome.Applied ? "applied" : "unchanged", outcome.Item.Version, null);

    // The only refusals reports and re-opens meet.
    private static ItemProblem ProblemOf(Refusal refusal) => refusal switch
    {
        Refusal.RecordUnknown => new(GetRecords.Unknown.Code, GetRecords.Unknown.Message),
        Refusal.NothingToReopen => new("nothing_to_reopen", "The record is neither exported to this system nor failed there: it is offered already."),
        _ => throw new InvalidOperationException($"Reports and re-opens are never refused for {refusal}."),
    };
}

internal sealed record ItemCounts(int Applied, int Unchanged, int Rejected);

internal sealed record ItemResults(IReadOnlyList<ItemResult> Results, ItemCounts Counts)
{
    public static ItemResults Of(IReadOnlyList<ItemResult> results) => new(results, new(
        results.Count(result => result.Status == "applied"), results.Count(result => result.Status == "unchanged"), results.Count(result => result.Status == "rejected")));
}
