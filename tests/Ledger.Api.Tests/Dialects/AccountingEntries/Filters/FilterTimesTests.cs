using FsCheck;
using FsCheck.Fluent;
using Ledger.Api.Dialects.AccountingEntries.Filters;
using Ledger.Projections.Items;

namespace Ledger.Api.Tests.Dialects.AccountingEntries.Filters;

/// <summary>No entry that passes the filters lies outside the times that are looked for.</summary>
public sealed class FilterTimesTests
{
    private static readonly DateTimeOffset Noon = new(2024, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_way_leads_to_every_entry_that_passes() => Prop.ForAll(FilterGen.Groups, groups =>
    {
        var ways = FilterTimes.Ways(groups);
        foreach (var created in FilterGen.Instants)
            foreach (var updated in FilterGen.Instants)
                if (FilterOracle.Passes(new(created, updated), groups)) ways.ShouldAllBe(way => way.Created.Any(run => Holds(run, created)) || way.Updated.Any(run => Holds(run, updated)));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000).WithQuietOnSuccess(true));

    [Theory]
    [InlineData("sw", "2024-01-31T12:00", 1)]
    [InlineData("sw", "2024-01-31t12", 60)]
    [InlineData("sw", "2024-01-31", 24 * 60)]
    [InlineData("sw", "2024-01-3", 31 * 24 * 60)]
    [InlineData("sw", "2024-01", 31 * 24 * 60)]
    [InlineData("sw", "2024_01", 366 * 24 * 60)]
    [InlineData("sw", "202", null)]
    [InlineData("sw", "2024-13", null)]
    [InlineData("ct", "2024-01", null)]
    [InlineData("ew", "2024-01", null)]
    public void A_text_is_looked_for_where_it_begins_with_a_date(string operation, string text, int? minutes)
    {
        var part = operation switch { "sw" => TextPart.Start, "ew" => TextPart.End, _ => TextPart.Anywhere };
        var ways = FilterTimes.Ways([new(false, [new Filter.Like(FilterKey.CreatedAt, part, text, Negated: false)])]);
        if (minutes is null) ways.ShouldBeEmpty();
        else (ways.ShouldHaveSingleItem().Created.ShouldHaveSingleItem() is { From: { } from, To: { } to } ? (to - from).TotalMinutes : -1).ShouldBe(minutes.Value);
    }

    [Fact]
    public void Filters_of_all_groups_narrow_the_same_times()
    {
        Filter Compared(FilterKey key, Ordering ordering, DateTimeOffset with) => new Filter.Compared(key, ordering, with, Negated: false);
        var way = FilterTimes.Ways(
        [
            new(false, [Compared(FilterKey.CreatedAt, Ordering.GreaterOrEqual, Noon), Compared(FilterKey.UpdatedAt, Ordering.Greater, DateTimeOffset.MinValue)]),
            new(true, [Compared(FilterKey.CreatedAt, Ordering.Less, Noon.AddDays(1)), Compared(FilterKey.CreatedAt, Ordering.Equal, Noon.AddDays(9))]),
        ])[0];
        way.Updated.ShouldBeEmpty();
        way.Created.ShouldBe([new(Noon, Noon.AddDays(1)), new(Noon.AddDays(9), Noon.AddDays(9))]);
    }

    [Fact]
    public void One_of_two_properties_is_looked_for_by_both()
    {
        var way = FilterTimes.Ways([new(true, [new Filter.OneOf(FilterKey.CreatedAt, [Noon], false), new Filter.Between(FilterKey.UpdatedAt, Noon, Noon.AddHours(1), false)])]).ShouldHaveSingleItem();
        (way.Created.Single(), way.Updated.Single()).ShouldBe((new(Noon, Noon), new(Noon, Noon.AddHours(1))));
    }

    private static bool Holds(TimeRun run, DateTimeOffset time) => !(time < run.From) && !(time > run.To);
}
