using System.Globalization;
using System.Text.RegularExpressions;
using Ledger.Projections.Items;

namespace Ledger.Api.Dialects.AccountingEntries.Filters;

/// <summary>
/// The times that entries must have to pass filters, as runs that an index can be asked for. They may hold more than passes, never less: the filters themselves are
/// applied to what is found there.
/// </summary>
internal static partial class FilterTimes
{
    /// <summary>Ways beyond these are not worth looking at.</summary>
    private const int MaxWays = 4;

    private static readonly TimeRun Always = new(null, null);

    /// <returns>Ways that each lead to every entry that passes; none where the filters do not bound the times.</returns>
    public static IReadOnlyList<RecordTimes> Ways(IEnumerable<FilterGroup> groups)
    {
        List<TimeRun> created = [Always], updated = [Always];
        var mixed = new List<RecordTimes>();
        foreach (var group in groups.Where(group => group.Filters.Count > 0))
        {
            foreach (var all in group.AnyOf ? [group.Filters] : group.Filters.Select(filter => (IReadOnlyList<Filter>)[filter]))
            {
                var (byCreation, byUpdate) = (Union(RunsOf(all, FilterKey.CreatedAt)), Union(RunsOf(all, FilterKey.UpdatedAt)));
                if (all.All(filter => filter.Key == FilterKey.CreatedAt)) created = Intersection(created, byCreation);
                else if (all.All(filter => filter.Key == FilterKey.UpdatedAt)) updated = Intersection(updated, byUpdate);
                else if (!byCreation.Contains(Always) && !byUpdate.Contains(Always)) mixed.Add(new(byCreation, byUpdate));
            }
        }
        if (!updated.Contains(Always)) mixed.Insert(0, new([], updated));
        if (!created.Contains(Always)) mixed.Insert(0, new(created, []));
        return [.. mixed.Take(MaxWays)];
    }

    private static IEnumerable<TimeRun> RunsOf(IEnumerable<Filter> filters, FilterKey key) => filters.Where(filter => filter.Key == key).SelectMany(Runs);

    // No entry lacks a time, and no filter finds one that does.
    private static IEnumerable<TimeRun> Runs(Filter filter) => filter switch
    {
        Filter.IsNull { Negated: false } => [],
        Filter.Compared { Ordering: Ordering.Equal, Negated: false } compared => [new(compared.With, compared.With)],
        Filter.Compared { Ordering: Ordering.Equal } => [Always],
        Filter.Compared compared => [(compared.Ordering is Ordering.Greater or Ordering.GreaterOrEqual) != compared.Negated ? new(compared.With, null) : new(null, compared.With)],
        Filter.Between { Negated: false } between => between.From <= between.To ? [new(between.From, between.To)] : [],
        Filter.Between between => [new(null, between.From), new(between.To, null)],
        Filter.OneOf { Negated: false } oneOf => oneOf.Values.Select(value => new TimeRun(value, value)),
        Filter.Like { Part: TextPart.Start, Negated: false } like => [StartingWith(like.Text)],
        _ => [Always],
    };

    // 2024-01-3 is looked for in all of 2024-01: whole units only, and what comes behind them is left to the filter.
    private static TimeRun StartingWith(string text)
    {
        var match = Start().Match(text);
        if (!match.Success) return Always;
        int Part(string name, int least) => match.Groups[name].Success ? int.Parse(match.Groups[name].ValueSpan, CultureInfo.InvariantCulture) : least;
        var (year, month, day, hour, minute) = (Part("year", 1), Part("month", 1), Part("day", 1), Part("hour", 0), Part("minute", 0));
        if (year is 0 or 9999 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59) return Always;
        var from = new DateTimeOffset(year, month, day, hour, minute, 0, TimeSpan.Zero);
        var to = match.Groups["minute"].Success ? from.AddMinutes(1) : match.Groups["hour"].Success ? from.AddHours(1) : match.Groups["day"].Success ? from.AddDays(1)
            : match.Groups["month"].Success ? from.AddMonths(1) : from.AddYears(1);
        return new(from, to);
    }

    private static List<TimeRun> Union(IEnumerable<TimeRun> runs)
    {
        var union = new List<TimeRun>();
        foreach (var run in runs.OrderBy(run => run.From ?? DateTimeOffset.MinValue))
        {
            if (union.Count > 0 && (union[^1].To is not { } end || run.From is not { } start || start <= end))
                union[^1] = new(union[^1].From, union[^1].To is { } one && run.To is { } other ? Max(one, other) : null);
            else union.Add(run);
        }
        return union;
    }

    private static List<TimeRun> Intersection(List<TimeRun> some, List<TimeRun> others) =>
        Union(from one in some
              from other in others
              let both = new TimeRun(one.From is { } a && other.From is { } b ? Max(a, b) : one.From ?? other.From, one.To is { } c && other.To is { } d ? Min(c, d) : one.To ?? other.To)
              where both.From is not { } low || both.To is not { } high || low <= high
              select both);

    private static DateTimeOffset Max(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static DateTimeOffset Min(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    [GeneratedRegex(@"\A(?<year>[0-9]{4})(-(?<month>[0-9]{2})(-(?<day>[0-9]{2})([Tt](?<hour>[0-9]{2})(:(?<minute>[0-9]{2}))?)?)?)?", RegexOptions.CultureInvariant)]
    private static partial Regex Start();
}
