using Ledger.Api.Dialects.AccountingEntries.Query;

namespace Ledger.Api.Dialects.AccountingEntries.Filters;

/// <summary>
/// Reads <c>filter_groups</c>, the filter syntax of the <c>bruno</c> library the original is built with: a list of
/// groups, each with <c>filters</c> and optionally <c>or</c>. Reads on after a fault, so that one answer names them all.
/// </summary>
internal sealed class FilterGrammar(ICollection<InputFault> faults)
{
    public const int MaxGroups = 20;
    public const int MaxFilters = 50;
    private const string Root = "filter_groups";

    private readonly FilterReader _filters = new(faults);
    private int _filterCount;

    /// <summary>The groups of the request. With a fault reported the result is incomplete and must not be used.</summary>
    public static IReadOnlyList<FilterGroup> Parse(QueryNode? sent, ICollection<InputFault> faults) =>
        new FilterGrammar(faults).ReadGroups(sent);

    private List<FilterGroup> ReadGroups(QueryNode? sent)
    {
        var groups = new List<FilterGroup>();
        if (sent is QueryNode.Text { IsBlank: false } text)
        {
            sent = JsonTree.Parse(text.Value, out var problem);
            if (sent is null)
            {
                faults.Add(new InputFault(Root, problem));
                return groups;
            }
        }
        if (sent is null or { IsBlank: true }) return groups;
        if (sent is not QueryNode.Branch list)
        {
            faults.Add(new InputFault(Root, "must be a list of groups"));
            return groups;
        }
        if (list.Count > MaxGroups)
        {
            faults.Add(new InputFault(Root, $"has {list.Count} groups; at most {MaxGroups} are allowed"));
            return groups;
        }
        foreach (var (key, group) in list.Members)
        {
            if (ReadGroup($"{Root}.{key}", group) is { } read) groups.Add(read);
        }
        if (_filterCount > MaxFilters)
            faults.Add(new InputFault(Root, $"has {_filterCount} filters; at most {MaxFilters} are allowed"));
        _filters.ReportListSizes(Root);
        return groups;
    }

    private FilterGroup? ReadGroup(string element, QueryNode sent)
    {
        if (sent is not QueryNode.Branch group || group["filters"] is not { } sentFilters)
        {
            faults.Add(new InputFault(element, "the filter group does not have the 'filters' key"));
            return null;
        }
        var any = BooleanText.Read($"{element}.or", group["or"], faults);
        if (sentFilters is not QueryNode.Branch list)
        {
            faults.Add(new InputFault($"{element}.filters", "must be a list of filters"));
            return null;
        }
        _filterCount += list.Count;
        if (_filterCount > MaxFilters) return null;   // what is over the cap is counted, not read
        var filters = new List<Filter>();
        foreach (var (key, filter) in list.Members)
        {
            if (_filters.Read($"{element}.filters.{key}", filter) is { } read) filters.Add(read);
        }
        return new FilterGroup(any, filters);
    }
}
