using Ledger.Api.Tests.Dialects.AccountingEntries.Filters;
using Ledger.Api.Tests.Hosting;

namespace Ledger.Api.Tests.Dialects.AccountingEntries;

/// <summary>Filters from request to rows. The four entries were created on 1 January, 31 January at 0:00 and 12:00, and a microsecond into February.</summary>
public sealed class FilteringTests(LedgerHost host)
{
    private static readonly (long Id, string CreatedAt)[] Entries =
        [(1, "2024-01-01T00:00:00Z"), (2, "2024-01-31T00:00:00Z"), (3, "2024-01-31T12:00:00Z"), (4, "2024-02-01T00:00:00.000001Z")];

    [Theory]
    [InlineData("gt, not", "key=created_at operator=gt value=2024-01-31 not=1", new long[] { 1, 2 })]
    [InlineData("lt, not", "key=created_at operator=lt value=2024-01-31 not=1", new long[] { 2, 3, 4 })]
    [InlineData("gte, not", "key=created_at operator=gte value=2024-01-31 not=1", new long[] { 1 })]
    [InlineData("lte, not", "key=created_at operator=lte value=2024-01-31 not=1", new long[] { 3, 4 })]
    [InlineData("lte: a bare date is its midnight", "key=created_at operator=lte value=2024-01-31", new long[] { 1, 2 })]
    [InlineData("ct", "key=created_at operator=ct value=-31T", new long[] { 2, 3 })]
    [InlineData("ct, not", "key=created_at operator=ct value=-31T not=1", new long[] { 1, 4 })]
    [InlineData("sw selects a month", "key=created_at operator=sw value=2024-01", new long[] { 1, 2, 3 })]
    [InlineData("sw, not", "key=created_at operator=sw value=2024-01 not=1", new long[] { 4 })]
    [InlineData("ew", "key=created_at operator=ew value=000001Z", new long[] { 4 })]
    [InlineData("ew, not", "key=created_at operator=ew value=000001z not=1", new long[] { 1, 2, 3 })]
    [InlineData("wildcards are not escaped", "key=created_at operator=sw value=2024-0_-31%2512", new long[] { 3 })]
    [InlineData("not=1 with eq", "key=created_at operator=eq value=2024-01-31 not=1", new long[] { 1, 3, 4 })]
    [InlineData("not=1 with in", "key=created_at operator=in [value][]=2024-01-31 not=1", new long[] { 1, 3, 4 })]
    [InlineData("not=1 with bt", "key=created_at operator=bt [value][]=2024-01-31 [value][]=2024-02-01 not=1", new long[] { 1, 4 })]
    [InlineData("bt includes both ends", "key=created_at operator=bt [value][]=2024-01-01 [value][]=2024-01-31", new long[] { 1, 2 })]
    [InlineData("shorthand false is false", "[]=created_at []=eq []=2024-01-31 []=false", new long[] { 2 })]
    [InlineData("operator absent is eq", "key=created_at value=2024-01-31", new long[] { 2 })]
    [InlineData("operator null in shorthand is eq", "[]=created_at []= []=2024-01-31", new long[] { 2 })]
    [InlineData("in with a scalar", "key=created_at operator=in value=2024-01-31", new long[] { 2 })]
    [InlineData("null", "key=created_at operator=gt value=null", new long[] { })]
    [InlineData("null, not", "key=created_at operator=ct value= not=true", new long[] { 1, 2, 3, 4 })]
    public async Task Acceptance_7_a_filter_gives_its_rows(string row, string members, long[] ids)
    {
        var tenant = await TenantAsync();
        (await tenant.IdsAsync("system_id=erp&" + Reading.Filter(members.Split(' ')))).ShouldBe(ids, row);
    }

    [Theory]
    [InlineData("null in an or group is ored", "or=1", "value=null", new long[] { 2 })]
    [InlineData("and of the same", "or=0", "value=null", new long[] { })]
    [InlineData("or=true", "or=true", "value=2024-01-01", new long[] { 1, 2 })]
    [InlineData("or=1", "or=1", "value=2024-01-01", new long[] { 1, 2 })]
    [InlineData("or=false", "or=false", "value=2024-01-01", new long[] { })]
    public async Task Acceptance_7_or_joins_the_filters_of_a_group(string row, string or, string second, long[] ids)
    {
        var tenant = await TenantAsync();
        (await tenant.IdsAsync($"system_id=erp&{Reading.F}[key]=created_at&{Reading.F}[value]=2024-01-31&filter_groups[0][filters][1][key]=created_at"
            + $"&filter_groups[0][filters][1][{second.Replace("=", "]=", StringComparison.Ordinal)}&filter_groups[0][{or.Replace("=", "]=", StringComparison.Ordinal)}")).ShouldBe(ids, row);
    }

    [Theory]
    [InlineData("filter_groups[0][or]=2&filter_groups[0][filters][0][]=x", "filter_groups.0.or", "filter_groups.0.filters.0")]
    [InlineData("filter_groups[0][filters][0][]=created_at&filter_groups[0][filters][0][]=eq", "filter_groups.0.filters.0")]
    [InlineData("filter_groups[0][filters][0][key]=created_at&filter_groups[0][filters][0][value]=2024-01-01&filter_groups[0][filters][0][operator]=GTE", "filter_groups.0.filters.0.operator")]
    [InlineData("filter_groups[0][filters][0][key]=created_at", "filter_groups.0.filters.0.value")]
    [InlineData("filter_groups[0][filters][0][value]=2024-01-01", "filter_groups.0.filters.0.key")]
    [InlineData("filter_groups[0][filters][0][key]=amount&filter_groups[0][filters][0][value]=5", "filter_groups.0.filters.0.key", "filter_groups.0.filters.0.value")]
    [InlineData("filter_groups[0][filters][0][key]=created_at&filter_groups[0][filters][0][value]=2024-01-01&filter_groups[0][filters][0][operator]=bt", "filter_groups.0.filters.0.value")]
    [InlineData("filter_groups[0][filters][0][key]=created_at&filter_groups[0][filters][0][value][]=2024-01-01", "filter_groups.0.filters.0.value")]
    [InlineData("filter_groups[0]=1", "filter_groups.0")]
    [InlineData("filter_groups=created_at", "filter_groups")]
    [InlineData("sort=id&limit=-1&page=abc", "sort", "limit", "page")]
    public async Task Acceptance_7_a_wrong_filter_is_refused_with_every_fault(string query, params string[] elements)
    {
        var tenant = await TenantAsync();
        (await tenant.RefusedQueryAsync("system_id=erp&" + query)).Select(detail => detail.Split(": ")[0]).ShouldBe(elements);
    }

    [Fact]
    public async Task Acceptance_8_the_four_encodings_of_one_filter_give_the_same_rows()
    {
        var tenant = await TenantAsync();
        var groups = Reading.Groups("""filter_groups=[{"filters":[["created_at","bt",["2024-01-31","2024-02-01"]],{"key":"updated_at","operator":"ew","value":"01Z"}],"or":true},{"filters":[["created_at","sw","2024-01-01",true]]}]""");
        foreach (var write in new Func<IEnumerable<Ledger.Api.Dialects.AccountingEntries.Filters.FilterGroup>, string>[] { FilterWire.Verbose, FilterWire.Shorthand, FilterWire.Encoded, FilterWire.Json })
            (await tenant.IdsAsync("system_id=erp&" + write(groups))).ShouldBe([2, 3, 4]);
    }

    [Fact]
    public async Task Acceptance_9_a_raw_plus_and_an_encoded_one_give_the_same_rows()
    {
        var tenant = await TenantAsync();
        foreach (var plus in new[] { "+", "%2B", " " })
            (await tenant.IdsAsync("system_id=erp&" + Reading.Filter("key=created_at", "operator=gte", $"value=2024-01-31T02:00:00{plus}02:00"))).ShouldBe([2, 3, 4]);
    }

    [Theory]
    [InlineData("1704067200"), InlineData("@1704067200"), InlineData("yesterday"), InlineData("2024"), InlineData("2024-01"), InlineData("01/02/2024")]
    [InlineData("2024-02-30"), InlineData("2024-01-01T24:00:00"), InlineData("2024-01-01T23:59:60Z"), InlineData("0000-01-01"), InlineData("10000-01-01")]
    public async Task Acceptance_9_each_value_of_rule_11_is_refused(string value)
    {
        var tenant = await host.NewTenantAsync();
        (await tenant.RefusedQueryAsync($"system_id=erp&not_exported_since={Uri.EscapeDataString(value)}")).ShouldHaveSingleItem().ShouldStartWith($"not_exported_since: '{value}' is not ");
        (await tenant.RefusedQueryAsync($"system_id=erp&not_exported_since[]={Uri.EscapeDataString(value)}")).ShouldHaveSingleItem().ShouldStartWith("not_exported_since: must be ");
    }

    [Fact]
    public async Task Filters_narrow_and_never_bring_an_exported_entry_back()
    {
        var tenant = await TenantAsync();
        await tenant.MarkAsync("erp", 2);
        (await tenant.IdsAsync("system_id=erp&" + Reading.Filter("key=created_at", "operator=sw", "value=2024-01"))).ShouldBe([1, 3]);
        (await tenant.IdsAsync("system_id=erp&not_exported_since=2020-01-01&" + Reading.Filter("key=created_at", "operator=sw", "value=2024-01"))).ShouldBe([1, 2, 3]);
    }

    private async Task<TestTenant> TenantAsync()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync([.. Entries.Select(entry => ARecord.Named($"{entry.Id}", createdAt: DateTimeOffset.Parse(entry.CreatedAt, System.Globalization.CultureInfo.InvariantCulture)))]);
        return tenant;
    }
}
