using System.Text.Json.Nodes;
using Ledger.Api.Dialects.AccountingEntries;
using Ledger.Api.Dialects.AccountingEntries.Filters;

namespace Ledger.Api.Tests.Dialects.AccountingEntries.Filters;

/// <summary>The four ways a client can send one and the same filter.</summary>
internal static class FilterWire
{
    public static string Verbose(IEnumerable<FilterGroup> groups) => Brackets(groups, ["key", "operator", "value", "not"]);

    public static string Shorthand(IEnumerable<FilterGroup> groups) => Brackets(groups, ["0", "1", "2", "3"]);

    public static string Encoded(IEnumerable<FilterGroup> groups) =>
        Verbose(groups).Replace("[", "%5B", StringComparison.Ordinal).Replace("]", "%5d", StringComparison.Ordinal);

    public static string Json(IEnumerable<FilterGroup> groups) => "filter_groups=" + Uri.EscapeDataString(new JsonArray([.. groups.Select(group =>
        new JsonObject { ["filters"] = new JsonArray([.. group.Filters.Select(JsonOf)]), ["or"] = group.AnyOf })]).ToJsonString());

    private static JsonNode JsonOf(Filter filter)
    {
        var values = Values(filter);
        JsonNode? value = filter is Filter.IsNull ? null : IsList(filter) ? new JsonArray([.. values.Select(text => JsonValue.Create(text))]) : values[0];
        return new JsonObject
        {
            ["key"] = FilterText.KeyName(filter.Key),
            ["operator"] = FilterText.OperatorName(filter),
            ["value"] = value,
            ["not"] = filter.Negated,
        };
    }

    private static string Brackets(IEnumerable<FilterGroup> groups, string[] members) => string.Join('&', groups.SelectMany((group, g) =>
        group.Filters.SelectMany((filter, f) => Members(filter, $"filter_groups[{g}][filters][{f}]", members))
            .Append($"filter_groups[{g}][or]={(group.AnyOf ? "1" : "false")}")
            // Brackets cannot say an empty list: a group without filters is left out.
            .Where(_ => group.Filters.Count > 0)));

    private static IEnumerable<string> Members(Filter filter, string at, string[] members) =>
        Values(filter)
            .Select((value, i) => $"{at}[{members[2]}]{(IsList(filter) ? $"[{i}]" : "")}={Uri.EscapeDataString(value)}")
            .Prepend($"{at}[{members[1]}]={FilterText.OperatorName(filter)}")
            .Prepend($"{at}[{members[0]}]={FilterText.KeyName(filter.Key)}")
            .Append($"{at}[{members[3]}]={(filter.Negated ? "true" : "0")}");

    private static bool IsList(Filter filter) => filter is Filter.OneOf or Filter.Between;

    private static string[] Values(Filter filter) => filter switch
    {
        Filter.Compared compared => [DateTimeText.Canonical(compared.With)],
        Filter.Between between => [DateTimeText.Canonical(between.From), DateTimeText.Canonical(between.To)],
        Filter.OneOf oneOf => [.. oneOf.Values.Select(DateTimeText.Canonical)],
        Filter.Like like => [like.Text],
        _ => [""],
    };
}
