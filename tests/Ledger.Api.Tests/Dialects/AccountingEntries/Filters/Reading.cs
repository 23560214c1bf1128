using Ledger.Api.Dialects.AccountingEntries;
using Ledger.Api.Dialects.AccountingEntries.Filters;
using Ledger.Api.Dialects.AccountingEntries.Query;

namespace Ledger.Api.Tests.Dialects.AccountingEntries.Filters;

/// <summary>Reads the filters of a query string as the endpoint does.</summary>
internal static class Reading
{
    /// <summary>The start of every parameter of the first filter of the first group.</summary>
    public const string F = "filter_groups[0][filters][0]";

    public static IReadOnlyList<FilterGroup> Groups(string query)
    {
        var groups = Read(query, out var faults);
        faults.ShouldBeEmpty();
        return groups;
    }

    public static string Understood(string query) => FilterText.Of(Groups(query));

    public static string[] Faults(string query)
    {
        Read(query, out var faults);
        return faults;
    }

    /// <summary>A query of one filter, e.g. <c>Filter("key=created_at", "operator=gt", "value=2024-01-01")</c>.</summary>
    public static string Filter(params string[] members) => string.Join('&', members.Select(member =>
    {
        var bracketed = member.StartsWith('[') ? member : $"[{member.Split('=')[0]}]{member[member.Split('=')[0].Length..]}";
        return F + bracketed;
    }));

    private static IReadOnlyList<FilterGroup> Read(string query, out string[] faults)
    {
        var found = new List<InputFault>();
        var groups = FilterGrammar.Parse(PhpQueryString.Parse(query, found)["filter_groups"], found);
        faults = [.. found.Select(fault => fault.ToString())];
        return groups;
    }
}
