using Ledger.Api.Dialects.AccountingEntries.Query;

namespace Ledger.Api.Dialects.AccountingEntries;

/// <summary>Reads <c>sort[0][key]=…&amp;sort[0][direction]=…</c>: earlier elements sort first, a direction left out ascends.</summary>
internal static class SortList
{
    private const int MaxElements = 10;

    public static IReadOnlyList<SortBy> Parse(QueryNode? sent, ICollection<InputFault> faults)
    {
        if (sent is null or { IsBlank: true }) return [];
        if (sent is not QueryNode.Branch { Count: <= MaxElements } list)
        {
            faults.Add(new InputFault("sort", $"must be a list of at most {MaxElements} elements, each with key and direction"));
            return [];
        }
        var sort = new List<SortBy>();
        foreach (var (key, element) in list.Members)
        {
            if (Read($"sort.{key}", element, faults) is { } read) sort.Add(read);
        }
        return sort;
    }

    private static SortBy? Read(string name, QueryNode element, ICollection<InputFault> faults)
    {
        if (element is not QueryNode.Branch sent)
        {
            faults.Add(new InputFault(name, "must have key and, if wanted, direction"));
            return null;
        }
        SortKey? key = sent["key"] switch
        {
            QueryNode.Text { Value: "id" } => SortKey.Id,
            QueryNode.Text { Value: "created_at" } => SortKey.CreatedAt,
            QueryNode.Text { Value: "updated_at" } => SortKey.UpdatedAt,
            _ => null,
        };
        bool? descending = sent["direction"] switch
        {
            null or { IsBlank: true } => false,
            QueryNode.Text text when text.Value.Equals("asc", StringComparison.OrdinalIgnoreCase) => false,
            QueryNode.Text text when text.Value.Equals("desc", StringComparison.OrdinalIgnoreCase) => true,
            _ => null,
        };
        if (key is null) faults.Add(new InputFault($"{name}.key", "must be id, created_at or updated_at"));
        if (descending is null) faults.Add(new InputFault($"{name}.direction", "must be ASC or DESC"));
        return key is { } by && descending is { } down ? new SortBy(by, down) : null;
    }
}
