using FsCheck;
using FsCheck.Fluent;
using Ledger.Api.Dialects.AccountingEntries.Filters;

namespace Ledger.Api.Tests.Dialects.AccountingEntries.Filters;

/// <summary>Random filters over few instants that lie close together, so that boundaries are hit and not only passed.</summary>
internal static class FilterGen
{
    public static readonly DateTimeOffset[] Instants =
    [
        DateTimeOffset.MinValue, At(2024, 1, 31).AddMicroseconds(-1), At(2024, 1, 31), At(2024, 1, 31).AddMicroseconds(1),
        At(2024, 2, 1), At(2024, 2, 29).AddHours(13.5), At(2025, 2, 1), DateTimeOffset.MaxValue.AddTicks(-9),
    ];

    private static readonly string[] Texts =
        ["2024", "2024-01", "01-31T", "t00:00", "Z", "z", ".000001", "%", "_", "2024%Z", "____-02", "-02-", "\\", "%\\", "9", "a", "[0]&x=1", "+01", "0.000000z"];

    private static readonly Gen<FilterKey> Key = Gen.Elements(FilterKey.CreatedAt, FilterKey.UpdatedAt);
    private static readonly Gen<bool> Switch = Gen.Elements(true, false);
    private static readonly Gen<DateTimeOffset> Instant = Gen.Elements(Instants);

    private static readonly Gen<Filter> Filter = Gen.OneOf(
        from key in Key from not in Switch select (Filter)new Filter.IsNull(key, not),
        from key in Key
        from ordering in Gen.Elements(Enum.GetValues<Ordering>())
        from with in Instant
        from not in Switch
        select (Filter)new Filter.Compared(key, ordering, with, not),
        from key in Key from low in Instant from high in Instant from not in Switch select (Filter)new Filter.Between(key, low, high, not),
        from key in Key from values in Instant.NonEmptyListOf() from not in Switch select (Filter)new Filter.OneOf(key, [.. values.Take(5)], not),
        from key in Key
        from part in Gen.Elements(Enum.GetValues<TextPart>())
        from text in Gen.Elements(Texts)
        from not in Switch
        select (Filter)new Filter.Like(key, part, text, not));

    private static readonly Gen<FilterGroup> Group =
        from any in Switch from count in Gen.Choose(0, 4) from filters in Filter.ListOf(count) select new FilterGroup(any, [.. filters]);

    public static Arbitrary<FilterGroup[]> Groups { get; } =
        Arb.From(from count in Gen.Choose(0, 4) from groups in Group.ListOf(count) select groups.ToArray(), Smaller);

    private static IEnumerable<FilterGroup[]> Smaller(FilterGroup[] groups) =>
        groups.Select((_, left) => groups.Where((_, index) => index != left).ToArray())
            .Concat(groups.SelectMany((group, at) => group.Filters.Select((_, left) => groups
                .Select((other, index) => index == at ? group with { Filters = [.. group.Filters.Where((_, i) => i != left)] } : other).ToArray())));

    private static DateTimeOffset At(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);
}
