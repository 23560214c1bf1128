namespace Ledger.Api.Dialects.AccountingEntries.Filters;

internal enum FilterOperator { Eq, Gt, Gte, Lt, Lte, Ct, Sw, Ew, In, Bt }

/// <summary>The ten operators as they are written: lower case only.</summary>
internal static class FilterOperators
{
    private static readonly Dictionary<string, FilterOperator> ByName =
        Enum.GetValues<FilterOperator>().ToDictionary(NameOf, StringComparer.Ordinal);

    public static string Allowed { get; } = string.Join(", ", ByName.Keys);

    public static bool TryParse(string name, out FilterOperator @operator) => ByName.TryGetValue(name, out @operator);

    public static Ordering OrderingOf(FilterOperator @operator) => @operator switch
    {
        FilterOperator.Gt => Ordering.Greater,
        FilterOperator.Gte => Ordering.GreaterOrEqual,
        FilterOperator.Lt => Ordering.Less,
        FilterOperator.Lte => Ordering.LessOrEqual,
        _ => Ordering.Equal,
    };

    public static TextPart PartOf(FilterOperator @operator) => @operator switch
    {
        FilterOperator.Sw => TextPart.Start,
        FilterOperator.Ew => TextPart.End,
        _ => TextPart.Anywhere,
    };

    private static string NameOf(FilterOperator @operator) => @operator switch
    {
        FilterOperator.Eq => "eq",
        FilterOperator.Gt => "gt",
        FilterOperator.Gte => "gte",
        FilterOperator.Lt => "lt",
        FilterOperator.Lte => "lte",
        FilterOperator.Ct => "ct",
        FilterOperator.Sw => "sw",
        FilterOperator.Ew => "ew",
        FilterOperator.In => "in",
        _ => "bt",
    };
}
