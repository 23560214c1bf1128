using Ledger.Domain.Items;
using static Ledger.Domain.Tests.Items.AnItem;
using static Ledger.Domain.Tests.Items.ItemDecisionTables;

namespace Ledger.Domain.Tests.Items;

public class EveryItemCommandInEverySituationTests
{
    public static TheoryData<string, string, string> WhatAnybodySays => ByAnybody.AsTheory();
    public static TheoryData<string, string, string> WhatAJobSays => ByItsJob.AsTheory();
    public static TheoryData<string, string, string> WhatIsSaidOfAnAttempt => ByItsAttempt.AsTheory();

    [Theory]
    [MemberData(nameof(WhatAnybodySays))]
    [MemberData(nameof(WhatAJobSays))]
    [MemberData(nameof(WhatIsSaidOfAnAttempt))]
    public void Leads_to_what_the_table_says(string situation, string command, string expected)
    {
        var outcome = Given(Situations[situation]).When(Commands[command]);
        WordFor(outcome.Decision).ShouldBe(expected);
        outcome.After.State.Version.ShouldBe(Situations[situation].Length + outcome.Events.Count);
    }

    [Fact]
    public void The_tables_have_a_column_for_every_command_and_a_line_for_every_situation()
    {
        string[] columns = [.. ByAnybody.Commands, .. ByItsJob.Commands, .. ByItsAttempt.Commands];
        columns.ShouldBe(Commands.Keys, ignoreOrder: true);
        Commands.Values.Select(command => command.GetType()).Distinct()
            .ShouldBe(typeof(ItemCommand).GetNestedTypes(), ignoreOrder: true);
        foreach (var table in new[] { ByAnybody, ByItsJob, ByItsAttempt }) table.Situations.ShouldBe(Situations.Keys);
    }

    [Fact]
    public void The_situations_show_every_standing_of_an_attempt_that_can_be_reached() =>
        Situations.Values.Select(past => ItemKind.Of(Given(past).State).Attempt).Distinct()
            .ShouldBe(ItemKind.Reachable().Select(situation => ItemKind.Of(situation.State).Attempt).Distinct(), ignoreOrder: true);

    [Fact]
    public void No_pair_of_a_reachable_state_and_a_command_throws_or_changes_what_it_refuses()
    {
        var situations = ItemKind.Reachable();
        foreach (var situation in situations)
            foreach (var command in ItemKind.Commands)
            {
                var outcome = situation.When(command);
                if (outcome.Events.Count == 0) outcome.After.State.ShouldBe(situation.State);
                else outcome.After.State.Version.ShouldBe(situation.State.Version + outcome.Events.Count);
            }
        // No attempt, or one of 11 ended ones, times exported or not, times failed or not; one of 5 open ones (a single export
        // is never taken up) times exported or not, since opening an attempt clears the failure.
        situations.Count.ShouldBe(12 * 4 + 5 * 2);
    }
}
