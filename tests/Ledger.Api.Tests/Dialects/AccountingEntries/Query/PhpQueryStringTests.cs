using Ledger.Api.Dialects.AccountingEntries;
using Ledger.Api.Dialects.AccountingEntries.Query;

namespace Ledger.Api.Tests.Dialects.AccountingEntries.Query;

/// <summary>What PHP does with a query string. The expected texts are the output of <c>json_encode</c> after <c>parse_str</c> in PHP 8.2.35.</summary>
public sealed class PhpQueryStringTests
{
    private const string GroupOfOne = """{"filter_groups":[{"filters":[{"key":"created_at","value":"2024-01-01","operator":"gte"}]}]}""";

    [Fact]
    public void Row_verbose_brackets() =>
        Parsed("filter_groups[0][filters][0][key]=created_at&filter_groups[0][filters][0][value]=2024-01-01&filter_groups[0][filters][0][operator]=gte")
            .ShouldBe(GroupOfOne);

    [Fact]
    public void Row_percent_encoded_brackets_are_the_same() =>
        Parsed("filter_groups%5B0%5D%5Bfilters%5D%5B0%5D%5Bkey%5D=created_at&filter_groups%5b0%5d%5bfilters%5d%5b0%5d%5bvalue%5d=2024-01-01&filter_groups%5B0%5D%5Bfilters%5D%5B0%5D%5Boperator%5D=gte")
            .ShouldBe(GroupOfOne);

    [Fact]
    public void Row_shorthand_appends() =>
        Parsed("filter_groups[0][filters][0][]=created_at&filter_groups[0][filters][0][]=gte&filter_groups[0][filters][0][]=2024")
            .ShouldBe("""{"filter_groups":[{"filters":[["created_at","gte","2024"]]}]}""");

    [Fact]
    public void Row_list_as_value() =>
        Parsed("f[value][]=1&f[value][]=2").ShouldBe("""{"f":{"value":["1","2"]}}""");

    [Fact]
    public void Row_other_keys_make_a_map_in_the_order_sent() =>
        Parsed("filter_groups[7][filters][3][key]=a&filter_groups[x][filters][y][key]=b&filter_groups[1][filters][0][key]=c")
            .ShouldBe("""{"filter_groups":{"7":{"filters":{"3":{"key":"a"}}},"x":{"filters":{"y":{"key":"b"}}},"1":{"filters":[{"key":"c"}]}}}""");

    [Fact]
    public void Row_appending_twice_makes_two_groups() =>
        Parsed("filter_groups[][filters][][key]=a&filter_groups[][filters][][value]=b")
            .ShouldBe("""{"filter_groups":[{"filters":[{"key":"a"}]},{"filters":[{"value":"b"}]}]}""");

    [Fact]
    public void Row_no_list_of_groups() =>
        Parsed("filter_groups[filters][key]=a").ShouldBe("""{"filter_groups":{"filters":{"key":"a"}}}""");

    [Fact]
    public void Row_json_text_is_a_text() =>
        Parsed("""filter_groups=[{"filters":[]}]""").ShouldBe("""{"filter_groups":"[{\"filters\":[]}]"}""");

    [Theory]
    [InlineData("a=1&a=2", """{"a":"2"}""")]
    [InlineData("a=1&b=3&a=2", """{"a":"2","b":"3"}""")]
    [InlineData("a=1&a[b]=2", """{"a":{"b":"2"}}""")]
    [InlineData("a[b]=1&a=2", """{"a":"2"}""")]
    [InlineData("a[b]=1&a[b][c]=2", """{"a":{"b":{"c":"2"}}}""")]
    public void Row_same_leaf_twice_the_last_wins_and_an_array_beats_a_scalar(string query, string json) => Parsed(query).ShouldBe(json);

    [Theory]
    [InlineData("a[value]", """{"a":{"value":""}}""")]
    [InlineData("a", """{"a":""}""")]
    [InlineData("a=", """{"a":""}""")]
    public void Row_no_equals_sign_is_the_empty_text(string query, string json) => Parsed(query).ShouldBe(json);

    [Fact]
    public void Row_every_scalar_is_text() => Parsed("a=5&b=true&c=null").ShouldBe("""{"a":"5","b":"true","c":"null"}""");

    [Theory]
    [InlineData("t=2024-01-01T00:00:00+02:00", """{"t":"2024-01-01T00:00:00 02:00"}""")]
    [InlineData("t=2024-01-01T00:00:00%2B02:00", """{"t":"2024-01-01T00:00:00+02:00"}""")]
    public void Row_a_literal_plus_is_a_space(string query, string json) => Parsed(query).ShouldBe(json);

    [Theory]
    [InlineData("[a]=1", "[]")]
    [InlineData("=1", "[]")]
    [InlineData("?a=1&&b=2&", """{"a":"1","b":"2"}""")]
    [InlineData("a.b c=1", """{"a_b_c":"1"}""")]
    [InlineData(" a=1", """{"a":"1"}""")]
    [InlineData("a[b.c d=1", """{"a_b_c_d":"1"}""")]
    [InlineData("a.[b]=1", """{"a_":{"b":"1"}}""")]
    [InlineData("a[.]=1", """{"a":{".":"1"}}""")]
    [InlineData("a[b][c=1", """{"a":{"b":"1"}}""")]
    [InlineData("a[][c=1", """{"a":["1"]}""")]
    [InlineData("a[b]c=1", """{"a":{"b":"1"}}""")]
    [InlineData("a[b]c[d]=1", """{"a":{"b":"1"}}""")]
    [InlineData("a[]]=1", """{"a":["1"]}""")]
    [InlineData("a[[b]]=1", """{"a":{"[b":"1"}}""")]
    [InlineData("a[ ]=1", """{"a":["1"]}""")]
    [InlineData("a[ x]=1", """{"a":{" x":"1"}}""")]
    [InlineData("a%00b=1", """{"a":"1"}""")]
    [InlineData("a[0%5D=x", """{"a":["x"]}""")]
    [InlineData("%zz=1%", """{"%zz":"1%"}""")]
    [InlineData("a=%C3%A9", """{"a":"é"}""")]
    public void Names_are_read_as_php_reads_them(string query, string json) => Parsed(query).ShouldBe(json);

    [Theory]
    [InlineData("a[5]=1&a[]=2", """{"a":{"5":"1","6":"2"}}""")]
    [InlineData("a[-5]=1&a[]=2", """{"a":{"-5":"1","-4":"2"}}""")]
    [InlineData("a[01]=1&a[]=2", """{"a":{"01":"1","0":"2"}}""")]
    [InlineData("a[-0]=1&a[]=2", """{"a":{"-0":"1","0":"2"}}""")]
    [InlineData("a[9223372036854775807]=1&a[]=2", """{"a":{"9223372036854775807":"1"}}""")]
    public void Appending_counts_on_from_the_greatest_number(string query, string json) => Parsed(query).ShouldBe(json);

    [Fact]
    public void Row_limits_1000_variables_are_read_and_1001_are_a_fault()
    {
        FaultsOf(string.Join('&', Enumerable.Range(0, 1000).Select(i => $"a[]={i}"))).ShouldBeEmpty();
        FaultsOf(string.Join('&', Enumerable.Range(0, 1001).Select(i => $"a[]={i}"))).ShouldBe(["query: has more than 1000 variables"]);
    }

    [Fact]
    public void Row_limits_64_levels_are_read_and_65_are_a_fault()
    {
        FaultsOf("a" + string.Concat(Enumerable.Repeat("[b]", 64)) + "=1").ShouldBeEmpty();
        FaultsOf("a" + string.Concat(Enumerable.Repeat("[b]", 65)) + "=1").ShouldBe(["a: is nested deeper than 64 levels"]);
    }

    [Fact]
    public void What_is_not_utf8_is_a_fault_that_names_its_parameter() =>
        FaultsOf("system_id=%FF&%C3=1").ShouldBe(["system_id: is not UTF-8", "query: has a name that is not UTF-8"]);

    private static string Parsed(string query)
    {
        var faults = new List<InputFault>();
        var tree = PhpQueryString.Parse(query, faults);
        faults.ShouldBeEmpty();
        return PhpJson.Of(tree);
    }

    private static IEnumerable<string> FaultsOf(string query)
    {
        var faults = new List<InputFault>();
        PhpQueryString.Parse(query, faults);
        return faults.Select(fault => fault.ToString());
    }
}
