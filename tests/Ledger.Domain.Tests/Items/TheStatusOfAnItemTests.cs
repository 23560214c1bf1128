using Ledger.Domain.Items;
using Ledger.Domain.Tests.GivenWhenThen;
using static Ledger.Domain.Items.ItemEvent;
using static Ledger.Domain.Tests.Items.AnItem;

namespace Ledger.Domain.Tests.Items;

public class TheStatusOfAnItemTests
{
    [Theory]
    [InlineData("untouched", ItemStatus.Offered, ItemStatus.Withheld)]
    [InlineData("pending in this job", ItemStatus.Processing, ItemStatus.Withheld)]
    [InlineData("in progress in this job", ItemStatus.Processing, ItemStatus.Withheld)]
    [InlineData("successful in this job", ItemStatus.Exported, ItemStatus.Exported)]
    [InlineData("failed in this job", ItemStatus.Failed, ItemStatus.Withheld)]
    [InlineData("abandoned in this job", ItemStatus.Offered, ItemStatus.Withheld)]
    [InlineData("cancelled alone", ItemStatus.Offered, ItemStatus.Withheld)]
    [InlineData("marked, never attempted", ItemStatus.Exported, ItemStatus.Exported)]
    [InlineData("reported failed, never attempted", ItemStatus.Failed, ItemStatus.Withheld)]
    [InlineData("exported, pending again", ItemStatus.Exported, ItemStatus.Exported)]
    [InlineData("exported, failed again", ItemStatus.Exported, ItemStatus.Exported)]
    [InlineData("failed here, pending in other job", ItemStatus.Processing, ItemStatus.Withheld)]
    [InlineData("reopened after success", ItemStatus.Offered, ItemStatus.Withheld)]
    [InlineData("reopened after failure", ItemStatus.Offered, ItemStatus.Withheld)]
    [InlineData("reopened while pending again", ItemStatus.Processing, ItemStatus.Withheld)]
    public void Is_one_word_that_also_depends_on_the_record(string situation, ItemStatus whenReady, ItemStatus whenNot)
    {
        var state = Given(ItemDecisionTables.Situations[situation]).State;
        state.StatusFor(recordIsReady: true).ShouldBe(whenReady);
        state.StatusFor(recordIsReady: false).ShouldBe(whenNot);
    }

    [Fact]
    public void An_event_about_an_attempt_that_is_not_the_latest_moves_no_attempt()
    {
        var before = Given(RequestedInThisJob).State;
        var after = Given(RequestedInThisJob, new ExportAbandoned(OtherAttempt)).State;
        after.Attempt.ShouldBe(before.Attempt);
        after.Version.ShouldBe(2);
        after.ChangedAt.ShouldBe(Clock.At(2));
    }
}
