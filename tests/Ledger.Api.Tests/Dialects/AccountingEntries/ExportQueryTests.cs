using Ledger.Api.Dialects.AccountingEntries;

namespace Ledger.Api.Tests.Dialects.AccountingEntries;

/// <summary>The parameters of the export endpoint beside its filters: table of queries, corner rules, paging and sorting.</summary>
public sealed class ExportQueryTests
{
    [Fact]
    public void Absent_parameters_have_their_defaults()
    {
        var query = Read("system_id=erp");
        query.SystemId.ShouldBe("erp");
        query.NotExportedSince.ShouldBeNull();
        query.Groups.ShouldBeEmpty();
        query.Sort.ShouldBeEmpty();
        query.Limit.ShouldBe(20);
        query.Offset.ShouldBe(0);
    }

    [Theory]
    [InlineData("", "system_id: is required")]
    [InlineData("system_id", "system_id: is required")]
    [InlineData("system_id=+%20", "system_id: is required")]
    [InlineData("system_id[]=erp", "system_id: must be text")]
    [InlineData("system_id=a%00b", "system_id: has a NUL character")]
    public void System_id_missing_or_blank_or_no_text_is_a_fault(string query, string fault) => Faults(query).ShouldBe([fault]);

    [Theory]
    [InlineData("system_id=+erp+", "erp")]
    [InlineData("system_id=ERP", "ERP")]
    [InlineData("system_id=null", "null")]
    [InlineData("system.id=erp", "erp")]
    [InlineData("system_id=wms&system_id=erp", "erp")]
    public void System_id_is_trimmed_and_keeps_its_case(string query, string systemId) => Read(query).SystemId.ShouldBe(systemId);

    [Theory]
    [InlineData(255), InlineData(256)]
    public void System_id_has_at_most_255_characters(int length) =>
        Faults("system_id=" + string.Concat(Enumerable.Repeat("%F0%9F%93%92", length)))
            .ShouldBe(length == 255 ? [] : ["system_id: has more than 255 characters"]);

    [Theory]
    [InlineData("not_exported_since="), InlineData("not_exported_since"), InlineData("not_exported_since=+"), InlineData("other=1")]
    public void Rule_1_absent_or_empty_is_the_head_of_the_log(string query) => Read("system_id=erp&" + query).NotExportedSince.ShouldBeNull();

    [Fact]
    public void Rule_10_a_raw_plus_and_an_encoded_one_are_the_same_instant() =>
        Since("not_exported_since=2024-01-01T02:00:00+02:00").ShouldBe(Since("not_exported_since=2024-01-01T02:00:00%2B02:00"));

    [Theory]
    [InlineData("not_exported_since=1704067200", "not_exported_since: '1704067200' is not ")]
    [InlineData("not_exported_since=null", "not_exported_since: 'null' is not ")]
    [InlineData("not_exported_since[]=2024-01-01", "not_exported_since: must be ")]
    [InlineData("not_export_since[a]=2024-01-01", "not_export_since: must be ")]
    public void Rule_11_anything_else_and_the_array_form_are_faults(string query, string fault) =>
        Faults("system_id=erp&" + query).ShouldBe([fault + DateTimeText.Expected]);

    [Fact]
    public void Rule_12_the_other_spelling_is_the_same_parameter() =>
        Since("not_export_since=2024-01-01").ShouldBe(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("not_export_since=2024-01-01&not_exported_since=2024-01-01T01:00:00%2B01:00")]
    [InlineData("not_export_since=2024-01-01&not_exported_since=")]
    public void Rule_12_both_spellings_may_say_the_same(string query) => Since(query).ShouldBe(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Rule_12_both_given_and_unequal_is_a_fault() =>
        Faults("system_id=erp&not_export_since=2024-01-01&not_exported_since=2024-01-02")
            .ShouldBe(["not_export_since: differs from not_exported_since, of which it is another spelling"]);

    [Fact]
    public void Rule_13_repeated_the_last_wins() =>
        Since("not_exported_since=yesterday&not_exported_since=2024-01-01").ShouldBe(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("", 20, 0)]
    [InlineData("page=&limit=", 20, 0)]
    [InlineData("page=0&limit=60", 60, 0)]
    [InlineData("page=3", 20, 60)]
    [InlineData("page=3&limit=7", 7, 21)]
    [InlineData("page=3&limit=7&start=5", 7, 5)]
    [InlineData("page=2147483647&limit=60", 60, 128849018820)]
    public void Pages_count_from_0_and_start_beats_page(string query, int limit, long offset)
    {
        var read = Read("system_id=erp&" + query);
        read.Limit.ShouldBe(limit);
        read.Offset.ShouldBe(offset);
    }

    [Theory]
    [InlineData("limit=-1"), InlineData("limit=abc"), InlineData("limit=0"), InlineData("limit=61"), InlineData("limit=20.0"), InlineData("limit[]=20"), InlineData("limit=99999999999")]
    public void Row_limit_that_is_no_number_from_1_to_60_is_a_fault(string query) =>
        Faults("system_id=erp&" + query).ShouldBe(["limit: must be a whole number from 1 to 60"]);

    [Theory]
    [InlineData("page=-1"), InlineData("page=x"), InlineData("page[]=1"), InlineData("page=2147483648"), InlineData("start=-1")]
    public void Page_and_start_that_are_no_numbers_are_faults(string query) =>
        Faults("system_id=erp&" + query).ShouldBe([$"{query[..query.AsSpan().IndexOfAny('=', '[')]}: must be a whole number from 0 to 2147483647"]);

    [Fact]
    public void Sort_is_a_list_of_keys_and_directions() =>
        Read("system_id=erp&sort[0][key]=updated_at&sort[0][direction]=desc&sort[1][key]=created_at&sort[1][direction]=ASC&sort[2][key]=id").Sort
            .ShouldBe([new SortBy(SortKey.UpdatedAt, true), new SortBy(SortKey.CreatedAt, false), new SortBy(SortKey.Id, false)]);

    [Theory]
    [InlineData("sort=created_at", "sort: must be a list of at most 10 elements, each with key and direction")]
    [InlineData("sort[key]=id", "sort.key: must have key and, if wanted, direction")]
    [InlineData("sort[0][key]=amount", "sort.0.key: must be id, created_at or updated_at")]
    [InlineData("sort[0][direction]=ASC", "sort.0.key: must be id, created_at or updated_at")]
    [InlineData("sort[0][key]=id&sort[0][direction]=up", "sort.0.direction: must be ASC or DESC")]
    public void Row_sort_that_is_text_or_names_something_else_is_a_fault(string query, string fault) => Faults("system_id=erp&" + query).ShouldBe([fault]);

    [Fact]
    public void Faults_of_all_parameters_come_together() =>
        Faults("limit=0&page=x&sort=y&not_exported_since=z&filter_groups=q").Select(fault => fault.Split(':')[0])
            .ShouldBe(["system_id", "not_exported_since", "filter_groups", "sort", "limit", "page"]);

    [Fact]
    public void What_is_not_utf8_is_not_also_called_missing() => Faults("system_id=%FF").ShouldBe(["system_id: is not UTF-8"]);

    [Fact]
    public void Parameters_nobody_knows_are_ignored() =>
        Faults("system_id=erp&includes[]=lines&access_token=x&include_archived=1").ShouldBeEmpty();

    private static DateTimeOffset? Since(string query) => Read("system_id=erp&" + query).NotExportedSince;

    private static ExportQuery Read(string query)
    {
        var faults = new List<InputFault>();
        var read = ExportQuery.Parse(query, faults);
        faults.ShouldBeEmpty();
        return read;
    }

    private static string[] Faults(string query)
    {
        var faults = new List<InputFault>();
        ExportQuery.Parse(query, faults);
        return [.. faults.Select(fault => fault.ToString())];
    }
}
