using Ledger.Api.Dialects.AccountingEntries;
using static Ledger.Api.Tests.Dialects.AccountingEntries.Filters.Reading;

namespace Ledger.Api.Tests.Dialects.AccountingEntries.Filters;

/// <summary>The grammar of <c>filter_groups</c> and every row of the table of what the original does and what this ledger does.</summary>
public sealed class FilterGrammarTests
{
    private const string Day = "2024-01-01T00:00:00.000000Z";

    [Theory]
    [InlineData("eq", "created_at eq " + Day)]
    [InlineData("gt", "created_at gt " + Day)]
    [InlineData("gte", "created_at gte " + Day)]
    [InlineData("lt", "created_at lt " + Day)]
    [InlineData("lte", "created_at lte " + Day)]
    [InlineData("ct", "created_at ct '2024-01-01'")]
    [InlineData("sw", "created_at sw '2024-01-01'")]
    [InlineData("ew", "created_at ew '2024-01-01'")]
    [InlineData("in", "created_at in {" + Day + "}")]
    public void Grammar_verbose_filter_with_each_operator(string @operator, string understood) =>
        Understood(Filter("key=created_at", $"operator={@operator}", "value=2024-01-01")).ShouldBe($"({understood})");

    [Fact]
    public void Grammar_shorthand() =>
        Understood($"{F}[]=updated_at&{F}[]=gte&{F}[]=2024-01-01").ShouldBe($"(updated_at gte {Day})");

    [Fact]
    public void Grammar_shorthand_with_not() =>
        Understood($"{F}[]=updated_at&{F}[]=gte&{F}[]=2024-01-01&{F}[]=1").ShouldBe($"(not updated_at gte {Day})");

    [Fact]
    public void Grammar_bt_is_a_list_of_two() =>
        Understood(Filter("key=created_at", "operator=bt", "[value][]=2024-01-01", "[value][]=2024-01-01T12:00:00Z"))
            .ShouldBe($"(created_at bt {Day}..2024-01-01T12:00:00.000000Z)");

    [Fact]
    public void Grammar_in_is_a_list() =>
        Understood(Filter("key=created_at", "operator=in", "[value][a]=2024-01-01", "[value][b]=2024-01-02"))
            .ShouldBe($"(created_at in {{{Day} 2024-01-02T00:00:00.000000Z}})");

    [Fact]
    public void Grammar_groups_are_anded_and_or_joins_the_filters_of_one() =>
        Understood("filter_groups[a][filters][x][key]=created_at&filter_groups[a][filters][x][value]=2024-01-01"
            + "&filter_groups[a][filters][y][key]=updated_at&filter_groups[a][filters][y][value]=2024-01-01&filter_groups[a][or]=1"
            + "&filter_groups[b][filters][0][key]=updated_at&filter_groups[b][filters][0][value]=")
            .ShouldBe($"(created_at eq {Day} or updated_at eq {Day}) & (updated_at eq null)");

    [Theory]
    [InlineData("eq"), InlineData("gt"), InlineData("ct"), InlineData("in"), InlineData("bt")]
    public void Special_values_the_text_null_or_an_empty_value_is_null_with_any_operator(string @operator)
    {
        Understood(Filter("key=created_at", $"operator={@operator}", "value=null")).ShouldBe("(created_at eq null)");
        Understood(Filter("key=created_at", $"operator={@operator}", "value=")).ShouldBe("(created_at eq null)");
        Understood(Filter("key=created_at", $"operator={@operator}", "value")).ShouldBe("(created_at eq null)");
        Understood(Filter("key=created_at", $"operator={@operator}", "value=null", "not=true")).ShouldBe("(not created_at eq null)");
    }

    [Theory]
    [InlineData("gt"), InlineData("lt"), InlineData("gte"), InlineData("lte"), InlineData("ct"), InlineData("sw"), InlineData("ew"), InlineData("in")]
    public void Row_not_is_the_logical_not_of_any_operator(string @operator) =>
        Understood(Filter("key=created_at", $"operator={@operator}", "value=2024-01-01", "not=1")).ShouldStartWith($"(not created_at {@operator} ");

    [Fact]
    public void Row_a_null_value_inside_an_or_group_is_ored() =>
        Understood(Filter("key=created_at", "value=null")
            + "&filter_groups[0][filters][1][key]=updated_at&filter_groups[0][filters][1][value]=2024-01-01&filter_groups[0][or]=true")
            .ShouldBe($"(created_at eq null or updated_at eq {Day})");

    [Theory]
    [InlineData("true", true), InlineData("1", true), InlineData("false", false), InlineData("0", false), InlineData("", false)]
    public void Row_or_takes_1_0_true_false(string or, bool any) =>
        Groups(Filter("key=created_at", "value=2024-01-01") + $"&filter_groups[0][or]={or}")[0].AnyOf.ShouldBe(any);

    [Theory]
    [InlineData("yes"), InlineData("TRUE"), InlineData("2"), InlineData("on")]
    public void Row_or_with_anything_else_is_a_fault(string or) =>
        Faults(Filter("key=created_at", "value=2024-01-01") + $"&filter_groups[0][or]={or}")
            .ShouldBe(["filter_groups.0.or: must be 1, 0, true or false"]);

    [Theory]
    [InlineData("true", "not "), InlineData("1", "not "), InlineData("false", ""), InlineData("0", "")]
    public void Row_not_takes_1_0_true_false(string not, string understood) =>
        Understood(Filter("key=created_at", "operator=in", "[value][]=2024-01-01", $"not={not}")).ShouldBe($"({understood}created_at in {{{Day}}})");

    [Fact]
    public void Row_not_with_anything_else_is_a_fault() =>
        Faults(Filter("key=created_at", "value=2024-01-01", "not=no")).ShouldBe(["filter_groups.0.filters.0.not: must be 1, 0, true or false"]);

    [Fact]
    public void Row_a_shorthand_false_is_false() =>
        Understood($"{F}[]=created_at&{F}[]=eq&{F}[]=2024-01-01&{F}[]=false").ShouldBe($"(created_at eq {Day})");

    [Theory]
    [InlineData(1), InlineData(2), InlineData(5)]
    public void Row_a_shorthand_of_another_length_is_a_fault(int length) =>
        Faults(string.Join('&', Enumerable.Repeat($"{F}[]=created_at", length)))
            .ShouldBe(["filter_groups.0.filters.0: the short form of a filter has 3 or 4 elements: key, operator, value and not"]);

    [Fact]
    public void Row_an_absent_operator_is_eq() =>
        Understood(Filter("key=created_at", "value=2024-01-01")).ShouldBe($"(created_at eq {Day})");

    [Fact]
    public void Row_a_null_operator_in_shorthand_is_eq() =>
        Understood($"{F}[]=created_at&{F}[]&{F}[]=2024-01-01").ShouldBe($"(created_at eq {Day})");

    [Theory]
    [InlineData("GTE"), InlineData("foo"), InlineData("=")]
    public void Row_an_unknown_or_upper_case_operator_is_a_fault_that_names_it(string @operator) =>
        Faults(Filter("key=created_at", $"operator={@operator}", "value=2024-01-01"))
            .ShouldBe([$"filter_groups.0.filters.0.operator: unknown operator '{@operator}'; allowed operators are eq, gt, gte, lt, lte, ct, sw, ew, in, bt"]);

    [Fact]
    public void Row_an_absent_value_is_a_fault() =>
        Faults(Filter("key=created_at", "operator=gte"))
            .ShouldBe(["filter_groups.0.filters.0.value: is required; an empty value or 'null' means null"]);

    [Fact]
    public void Row_an_absent_key_is_a_fault() =>
        Faults(Filter("operator=gte", "value=2024-01-01")).ShouldBe(["filter_groups.0.filters.0.key: is required: created_at or updated_at"]);

    [Theory]
    [InlineData("id"), InlineData("CREATED_AT"), InlineData("entries.created_at"), InlineData("created_at;drop table x")]
    public void Row_another_key_is_a_fault_that_lists_the_allowed(string key) =>
        Faults(Filter($"key={key}", "value=2024-01-01"))
            .ShouldBe([$"filter_groups.0.filters.0.key: '{key}' cannot be filtered by; allowed keys are created_at and updated_at"]);

    [Fact]
    public void Row_in_with_a_scalar_is_a_list_of_one() =>
        Understood(Filter("key=created_at", "operator=in", "value=2024-01-01")).ShouldBe($"(created_at in {{{Day}}})");

    [Theory]
    [InlineData("value=2024-01-01")]
    [InlineData("[value][]=2024-01-01")]
    [InlineData("[value][]=2024-01-01&filter_groups[0][filters][0][value][]=2024-01-01&filter_groups[0][filters][0][value][]=2024-01-01")]
    public void Row_bt_with_a_scalar_or_one_or_three_elements_is_a_fault(string value) =>
        Faults(Filter("key=created_at", "operator=bt", value)).ShouldBe(["filter_groups.0.filters.0.value: must be a list of 2 values: from and to"]);

    [Theory]
    [InlineData("eq"), InlineData("gte")]
    public void Row_eq_with_a_list_is_a_fault(string @operator) =>
        Faults(Filter("key=created_at", $"operator={@operator}", "[value][]=2024-01-01"))
            .ShouldBe([$"filter_groups.0.filters.0.value: must be {DateTimeText.Expected}"]);

    [Fact]
    public void Row_ct_with_a_list_is_a_fault() =>
        Faults(Filter("key=created_at", "operator=ct", "[value][]=2024")).ShouldBe(["filter_groups.0.filters.0.value: must be text"]);

    [Theory]
    [InlineData("filter_groups[0][or]=1", "filter_groups.0: the filter group does not have the 'filters' key")]
    [InlineData("filter_groups[filters][key]=a", "filter_groups.filters: the filter group does not have the 'filters' key")]
    [InlineData("filter_groups[0]=x", "filter_groups.0: the filter group does not have the 'filters' key")]
    [InlineData("filter_groups[0][filters]=x", "filter_groups.0.filters: must be a list of filters")]
    [InlineData("filter_groups[0][filters][0]=x", "filter_groups.0.filters.0: must be a filter: key, operator and value")]
    public void Row_filters_missing_or_not_a_list_is_a_fault(string query, string fault) => Faults(query).ShouldBe([fault]);

    [Theory]
    [InlineData(""), InlineData("filter_groups="), InlineData("filter_groups=[]"), InlineData("""filter_groups=[{"filters":[],"or":true}]""")]
    public void Row_an_empty_list_is_no_restriction(string query) => Groups(query).SelectMany(group => group.Filters).ShouldBeEmpty();

    [Theory]
    [InlineData("2024"), InlineData("2024-01"), InlineData("yesterday"), InlineData("1704067200"), InlineData("2024-02-30")]
    public void A_value_that_is_no_date_time_is_a_fault_that_quotes_it(string value) =>
        Faults(Filter("key=created_at", "operator=gte", $"value={value}"))
            .ShouldBe([$"filter_groups.0.filters.0.value: '{value}' is not {DateTimeText.Expected}"]);

    [Fact]
    public void Every_fault_is_reported_with_the_path_as_sent() =>
        Faults("filter_groups[x][filters][7][key]=id&filter_groups[x][filters][7][operator]=GT&filter_groups[x][filters][7][not]=maybe&filter_groups[x][or]=5"
            + "&filter_groups[y][filters][0][]=created_at&filter_groups[y][filters][0][]=in&filter_groups[y][filters][0][2][]=2024-01-01&filter_groups[y][filters][0][2][]=never")
            .ShouldBe(
            [
                "filter_groups.x.or: must be 1, 0, true or false",
                "filter_groups.x.filters.7.key: 'id' cannot be filtered by; allowed keys are created_at and updated_at",
                "filter_groups.x.filters.7.operator: unknown operator 'GT'; allowed operators are eq, gt, gte, lt, lte, ct, sw, ew, in, bt",
                "filter_groups.x.filters.7.not: must be 1, 0, true or false",
                "filter_groups.x.filters.7.value: is required; an empty value or 'null' means null",
                $"filter_groups.y.filters.0.2.1: 'never' is not {DateTimeText.Expected}",
            ]);

    [Fact]
    public void Half_filters_that_appending_made_are_faults_and_not_a_wider_answer() =>
        Faults("filter_groups[][filters][][key]=created_at&filter_groups[][filters][][value]=2024-01-01").ShouldBe(
        [
            "filter_groups.0.filters.0.value: is required; an empty value or 'null' means null",
            "filter_groups.1.filters.0.key: is required: created_at or updated_at",
        ]);
}
