using FsCheck.Fluent;
using Ledger.Domain.Items;
using Ledger.Domain.Tests.GivenWhenThen;
using static Ledger.Domain.Items.ItemCommand;
using static Ledger.Domain.Items.ItemEvent;

namespace Ledger.Domain.Tests.Items;

/// <summary>Statements about what the decider makes of any commands in any order.</summary>
public class AnyDecidedItemHistoryTests
{
    private const int Runs = 1_000;

    [Fact]
    public void At_most_one_attempt_is_open_and_the_state_knows_which() =>
        Always.Holds(ItemHistories.OfCommands, steps =>
        {
            var history = ItemHistories.Decided(steps);
            var open = new HashSet<AttemptId>();
            foreach (var (@event, _) in history)
            {
                if (@event is ExportRequested requested) open.Add(requested.AttemptId).ShouldBeTrue();
                if (Ended(@event) is { } ended) open.Remove(ended);
                open.Count.ShouldBeLessThanOrEqualTo(1);
            }
            AnItem.Rules.Fold(history).OpenAttempt?.Id.ShouldBe(open.Single());
            open.Count.ShouldBe(AnItem.Rules.Fold(history).OpenAttempt is null ? 0 : 1);
        }, Runs);

    [Fact]
    public void Every_result_ends_the_open_attempt() =>
        Always.Holds(ItemHistories.OfCommands, steps =>
        {
            var history = ItemHistories.Decided(steps);
            for (var length = 1; length <= history.Length; length++)
                if (ExportedSince.IsMark(history[length - 1].Event) || history[length - 1].Event is ItemFailed)
                    AnItem.Rules.Fold(history[..length]).OpenAttempt.ShouldBeNull();
        }, Runs);

    [Fact]
    public void Events_name_only_attempts_that_were_requested_before() =>
        Always.Holds(ItemHistories.OfCommands, steps =>
        {
            var requested = new HashSet<AttemptId>();
            foreach (var (@event, _) in ItemHistories.Decided(steps))
            {
                if (@event is ExportRequested opening) requested.Add(opening.AttemptId);
                if (Named(@event) is { } named) requested.ShouldContain(named);
            }
        }, Runs);

    [Fact]
    public void Every_decision_is_at_most_one_event_and_the_version_counts_them() =>
        Always.Holds(ItemHistories.OfCommands, steps =>
        {
            var history = ItemHistories.Decided(steps);
            history.Length.ShouldBeLessThanOrEqualTo(steps.Length);
            AnItem.Rules.Fold(history).Version.ShouldBe(history.Length);
        }, Runs);

    [Fact]
    public void A_report_repeated_once_it_is_recorded_has_nothing_left_to_do() =>
        Always.Holds(Arb.From(from steps in ItemHistories.OfCommands.Generator from command in ItemHistories.OneCommand select (steps, command)), given =>
        {
            var past = ItemHistories.Decided(given.steps);
            var outcome = AnItem.Given([.. past.Select(recorded => recorded.Event)]).When(given.command);
            if (outcome.Events.Count == 0) return;
            var again = outcome.After.When(given.command);
            switch (given.command)
            {
                case RequestExport:
                    again.ThenRefused(Refusal.AttemptOpen);
                    break;
                case Reopen:
                    again.ThenRefused(Refusal.NothingToReopen);
                    break;
                case MarkExported:
                    again.Events.Count.ShouldBe(1, "each mark is kept");
                    break;
                default:
                    again.ThenNothing();
                    break;
            }
        }, Runs);

    private static AttemptId? Ended(ItemEvent @event) => @event is ExportProgressed ? null : Named(@event);

    private static AttemptId? Named(ItemEvent @event) => @event switch
    {
        ExportProgressed progressed => progressed.AttemptId,
        ItemExported exported => exported.AttemptId,
        ItemFailed failed => failed.AttemptId,
        RecordMarkedExported marked => marked.AttemptId,
        ExportAbandoned abandoned => abandoned.AttemptId,
        ExportCancelled cancelled => cancelled.AttemptId,
        _ => null,
    };
}
