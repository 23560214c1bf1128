using System.Text.RegularExpressions;
using Ledger.Api.Dialects.AccountingEntries;
using Ledger.Api.Dialects.AccountingEntries.Filters;

namespace Ledger.Api.Tests.Dialects.AccountingEntries.Filters;

/// <summary>The two properties filters look at.</summary>
internal sealed record Row(DateTimeOffset? CreatedAt, DateTimeOffset? UpdatedAt);

/// <summary>What filters mean, said without SQL: null is "unknown", and a row is given only for a certain yes.</summary>
internal static class FilterOracle
{
    public static bool Passes(Row row, IEnumerable<FilterGroup> groups) => groups.All(group => Group(row, group) == true);

    private static bool? Group(Row row, FilterGroup group)
    {
        if (group.Filters.Count == 0) return true;
        var answers = group.Filters.Select(filter => One(row, filter)).ToList();
        if (answers.Contains(group.AnyOf)) return group.AnyOf;
        return answers.Contains(null) ? null : !group.AnyOf;
    }

    private static bool? One(Row row, Filter filter)
    {
        var value = filter.Key == FilterKey.CreatedAt ? row.CreatedAt : row.UpdatedAt;
        bool? answer = filter is Filter.IsNull ? value is null : value is { } known ? Holds(known, filter) : null;
        return filter.Negated ? !answer : answer;
    }

    private static bool Holds(DateTimeOffset value, Filter filter) => filter switch
    {
        Filter.Compared { Ordering: Ordering.Equal } compared => value == compared.With,
        Filter.Compared { Ordering: Ordering.Greater } compared => value > compared.With,
        Filter.Compared { Ordering: Ordering.GreaterOrEqual } compared => value >= compared.With,
        Filter.Compared { Ordering: Ordering.Less } compared => value < compared.With,
        Filter.Compared compared => value <= compared.With,
        Filter.Between between => value >= between.From && value <= between.To,
        Filter.OneOf oneOf => oneOf.Values.Contains(value),
        Filter.Like like => Matches(DateTimeText.Canonical(value), like),
        _ => throw new InvalidOperationException(),
    };

    private static bool Matches(string text, Filter.Like like)
    {
        var pattern = string.Concat(like.Text.Select(letter => letter switch { '%' => ".*", '_' => ".", _ => Regex.Escape($"{letter}") }));
        var start = like.Part == TextPart.Start ? @"\A" : "";
        var end = like.Part == TextPart.End ? @"\z" : "";
        return Regex.IsMatch(text, $"{start}{pattern}{end}", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant);
    }
}
