using Ledger.Api.Dialects.AccountingEntries;
using Ledger.Api.Dialects.AccountingEntries.Filters;

namespace Ledger.Api.Tests.Dialects.AccountingEntries.Filters;

/// <summary>Filters as one line of text, so that tests compare and print what was understood.</summary>
internal static class FilterText
{
    public static string Of(IEnumerable<FilterGroup> groups) => string.Join(" & ", groups.Select(Of));

    public static string KeyName(FilterKey key) => key == FilterKey.CreatedAt ? "created_at" : "updated_at";

    public static string OperatorName(Filter filter) => filter switch
    {
        Filter.Compared { Ordering: Ordering.Equal } => "eq",
        Filter.Compared { Ordering: Ordering.Greater } => "gt",
        Filter.Compared { Ordering: Ordering.GreaterOrEqual } => "gte",
        Filter.Compared { Ordering: Ordering.Less } => "lt",
        Filter.Compared => "lte",
        Filter.Between => "bt",
        Filter.OneOf => "in",
        Filter.Like { Part: TextPart.Start } => "sw",
        Filter.Like { Part: TextPart.End } => "ew",
        Filter.Like => "ct",
        _ => "eq",
    };

    private static string Of(FilterGroup group) => $"({string.Join(group.AnyOf ? " or " : " and ", group.Filters.Select(Of))})";

    private static string Of(Filter filter)
    {
        var value = filter switch
        {
            Filter.IsNull => "null",
            Filter.Compared compared => DateTimeText.Canonical(compared.With),
            Filter.Between between => $"{DateTimeText.Canonical(between.From)}..{DateTimeText.Canonical(between.To)}",
            Filter.OneOf oneOf => $"{{{string.Join(' ', oneOf.Values.Select(DateTimeText.Canonical))}}}",
            Filter.Like like => $"'{like.Text}'",
            _ => throw new InvalidOperationException(),
        };
        return $"{(filter.Negated ? "not " : "")}{KeyName(filter.Key)} {OperatorName(filter)} {value}";
    }
}
