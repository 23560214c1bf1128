using Ledger.Domain.Items;
using Ledger.Domain.Tests.GivenWhenThen;
using static Ledger.Domain.Items.ItemEvent;

namespace Ledger.Domain.Tests.Items;

/// <summary>Statements about the fold of any events, also in orders that no decider produces.</summary>
public class AnyItemHistoryTests
{
    private const int Runs = 1_000;

    private static void Always(Action<(ItemEvent Event, DateTimeOffset At)[]> statement) =>
        GivenWhenThen.Always.Holds(ItemHistories.OfEvents, steps => statement(ItemHistories.Recorded(steps)), Runs);

    [Fact]
    public void Exported_since_is_the_first_mark_after_the_most_recent_reopening() =>
        Always(history => AnItem.Rules.Fold(history).ExportedSince.ShouldBe(ExportedSince.ByDefinition(history)));

    [Fact]
    public void Not_exported_since_means_not_exported_at_some_instant_from_then_to_now() =>
        Always(history =>
        {
            var state = AnItem.Rules.Fold(history);
            foreach (var since in InterestingTimes(history))
                ExportedSince.Lacks(state, since).ShouldBe(ExportedSince.LackedWithin(history, since), $"since {since:HH:mm:ss}");
        });

    [Fact]
    public void An_earlier_moment_never_returns_less_and_none_at_all_returns_least() =>
        Always(history =>
        {
            var state = AnItem.Rules.Fold(history);
            var returned = InterestingTimes(history).Order().Select(since => ExportedSince.Lacks(state, since)).Append(ExportedSince.Lacks(state, null)).ToArray();
            returned.ShouldBe([.. returned.OrderDescending()], "once an item drops out, it stays out for every later moment");
        });

    [Fact]
    public void Failures_and_moves_of_attempts_never_touch_it() =>
        Always(history =>
        {
            var marksAlone = history.Where(recorded => ExportedSince.IsMark(recorded.Event) || recorded.Event is ExportReopened);
            AnItem.Rules.Fold(history).ExportedSince.ShouldBe(AnItem.Rules.Fold(marksAlone).ExportedSince);
        });

    [Fact]
    public void A_second_mark_moves_the_last_export_and_not_the_first() =>
        Always(history =>
        {
            var before = AnItem.Rules.Fold(history);
            var later = history.Select(recorded => recorded.At).DefaultIfEmpty(Clock.At(0)).Last().AddMinutes(1);
            var marked = ItemEvolution.Evolve(before, AnItem.Marked, later);
            marked.ExportedSince.ShouldBe(before.ExportedSince ?? later);
            marked.LastExportedAt.ShouldBe(later);
        });

    [Fact]
    public void The_last_export_is_the_latest_mark_ever() =>
        Always(history => AnItem.Rules.Fold(history).LastExportedAt
            .ShouldBe(history.Where(recorded => ExportedSince.IsMark(recorded.Event)).Select(recorded => (DateTimeOffset?)recorded.At).LastOrDefault()));

    [Fact]
    public void The_version_is_the_number_of_events() =>
        Always(history => AnItem.Rules.Fold(history).Version.ShouldBe(history.Length));

    /// <summary>Every event, one second to either side of it, and both ends of time.</summary>
    private static IEnumerable<DateTimeOffset> InterestingTimes((ItemEvent Event, DateTimeOffset At)[] history) =>
        [DateTimeOffset.MinValue, .. history.SelectMany(recorded => new[] { recorded.At.AddSeconds(-1), recorded.At, recorded.At.AddSeconds(1) }), DateTimeOffset.MaxValue];
}
