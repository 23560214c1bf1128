using Ledger.Api.Dialects.AccountingEntries;
using static Ledger.Api.Tests.Dialects.AccountingEntries.Filters.Reading;

namespace Ledger.Api.Tests.Dialects.AccountingEntries.Filters;

/// <summary>The caps on filters, and JSON text in <c>filter_groups</c>, which the original refuses and this ledger reads.</summary>
public sealed class FilterCapsAndJsonTests
{
    private const string Filter = """{"key":"created_at","operator":"gte","value":"2024-01-01"}""";

    [Theory]
    [InlineData(20), InlineData(21)]
    public void Caps_20_groups(int count) =>
        Faults($"filter_groups=[{Repeat("""{"filters":[]}""", count)}]")
            .ShouldBe(count <= 20 ? [] : ["filter_groups: has 21 groups; at most 20 are allowed"]);

    [Theory]
    [InlineData(25, 25), InlineData(26, 25)]
    public void Caps_50_filters_in_all(int first, int second) =>
        Faults($$"""filter_groups=[{"filters":[{{Repeat(Filter, first)}}]},{"filters":[{{Repeat(Filter, second)}}]}]""")
            .ShouldBe(first + second <= 50 ? [] : ["filter_groups: has 51 filters; at most 50 are allowed"]);

    [Theory]
    [InlineData(500, 500), InlineData(501, 500)]
    public void Caps_1000_in_values(int first, int second) =>
        Faults($$"""filter_groups=[{"filters":[["created_at","in",[{{Repeat("\"2024-01-01\"", first)}}]],["updated_at","in",[{{Repeat("\"2024-01-01\"", second)}}]]]}]""")
            .ShouldBe(first + second <= 1000 ? [] : ["filter_groups: has 1001 values in its 'in' lists; at most 1000 are allowed"]);

    [Fact]
    public void Json_text_has_the_same_grammar_with_real_types() =>
        Understood("""filter_groups=[{"filters":[{"key":"created_at","value":null,"not":true},["updated_at",null,"2024-01-01",false],{"key":"created_at","operator":"sw","value":2024}],"or":true}]""")
            .ShouldBe("(not created_at eq null or updated_at eq 2024-01-01T00:00:00.000000Z or created_at sw '2024')");

    [Theory]
    [InlineData("""[{"filters":[""", "filter_groups: neither brackets nor JSON text: cannot be read as JSON at byte 13")]
    [InlineData("created_at", "filter_groups: neither brackets nor JSON text: cannot be read as JSON at byte 0")]
    [InlineData("""[{"filters":[],"filters":[]}]""", "filter_groups: neither brackets nor JSON text: cannot be read as JSON")]
    [InlineData("5", "filter_groups: must be a list of groups")]
    [InlineData("true", "filter_groups: must be a list of groups")]
    [InlineData("""["\ud800"]""", "filter_groups: JSON text with a lone surrogate")]
    public void Json_text_that_is_not_a_list_of_groups_is_a_fault(string text, string fault) => Faults($"filter_groups={text}").ShouldBe([fault]);

    [Theory]
    [InlineData("""{"key":"created_at","value":1704067200}""", "value: must be " + DateTimeText.Expected)]
    [InlineData("""{"key":"created_at","value":true}""", "value: must be " + DateTimeText.Expected)]
    [InlineData("""{"key":"created_at","operator":"ct","value":true}""", "value: must be text")]
    [InlineData("""{"key":"created_at","operator":"ct","value":"a\u0000b"}""", "value: must be text")]
    [InlineData("""{"key":"created_at","operator":"in","value":[]}""", "value: must have at least one value")]
    [InlineData("""{"key":5,"value":"2024-01-01"}""", "key: allowed keys are created_at and updated_at")]
    [InlineData("""{"key":"created_at","operator":1,"value":"2024-01-01"}""", "operator: allowed operators are eq, gt, gte, lt, lte, ct, sw, ew, in, bt")]
    [InlineData("""{"key":"created_at","not":1.0,"value":"2024-01-01"}""", "not: must be 1, 0, true or false")]
    public void Json_values_of_a_wrong_type_are_faults(string filter, string fault) =>
        Faults($$"""filter_groups=[{"filters":[{{filter}}]}]""").ShouldBe([$"filter_groups.0.filters.0.{fault}"]);

    private static string Repeat(string text, int count) => string.Join(',', Enumerable.Repeat(text, count));
}
