using Ledger.Domain.Items;
using Ledger.Domain.Tests.GivenWhenThen;
using static Ledger.Domain.Items.ItemCommand;
using static Ledger.Domain.Items.ItemEvent;
using static Ledger.Domain.Tests.Items.AnItem;

namespace Ledger.Domain.Tests.Items;

public class MarkingAndReopeningTests
{
    [Fact]
    public void A_mark_exports_the_item_and_keeps_its_note()
    {
        var state = Given().When(new MarkExported("entered by hand")).Then(Marked).State;
        state.ExportedSince.ShouldBe(Clock.At(1));
        state.Reference.ShouldBe(new ExportReference(null, null, null, "entered by hand"));
    }

    [Fact]
    public void A_mark_ends_the_open_attempt_as_a_success() =>
        Given(RequestedInThisJob, TakenUp).When(new MarkExported(null)).Then(new RecordMarkedExported(ThisAttempt, null))
            .State.Attempt!.Status.ShouldBe(AttemptStatus.Successful);

    [Fact]
    public void A_second_mark_is_kept_and_leaves_the_start_alone()
    {
        var state = Given(Marked).When(new MarkExported("again")).Then(new RecordMarkedExported(null, "again")).State;
        state.ExportedSince.ShouldBe(Clock.At(1));
        state.LastExportedAt.ShouldBe(Clock.At(2));
        state.Version.ShouldBe(2);
    }

    [Fact]
    public void Even_the_same_mark_is_kept_each_time() => Given(Marked).When(new MarkExported("entered by hand")).Then(Marked);

    [Fact]
    public void A_mark_says_that_the_item_is_exported_and_not_under_which_reference() =>
        Given(ReportedExported, Marked).State.Reference.ShouldBe(new ExportReference(null, null, null, "entered by hand"));

    [Fact]
    public void Reopening_ends_exported_and_remembers_when_it_was()
    {
        var state = Given(ReportedExported).When(new Reopen("the ERP was restored to Monday")).Then(Reopened).State;
        state.ExportedSince.ShouldBeNull();
        state.LastExportedAt.ShouldBe(Clock.At(1));
        state.Reference.ShouldBe(Entry1);
    }

    [Fact]
    public void A_mark_after_reopening_starts_a_new_interval() =>
        Given(Marked, Reopened).When(new MarkExported("entered by hand")).Then(Marked).State.ExportedSince.ShouldBe(Clock.At(3));

    [Fact]
    public void Reopening_clears_a_failure() =>
        Given(ReportedFailed).When(new Reopen("the ERP was restored to Monday")).Then(Reopened).State.Failure.ShouldBeNull();

    [Fact]
    public void Reopening_leaves_an_open_attempt_open() =>
        Given(ReportedExported, RequestedInThisJob).When(new Reopen("the ERP was restored to Monday")).Then(Reopened).State.OpenAttempt!.Id.ShouldBe(ThisAttempt);

    [Fact]
    public void There_is_nothing_to_reopen_in_an_item_nobody_exported_or_failed() =>
        Given(RequestedInThisJob).When(new Reopen(null)).ThenRefused(Refusal.NothingToReopen);

    [Fact]
    public void A_second_reopening_is_refused() =>
        Given(Marked, Reopened).When(new Reopen(null)).ThenRefused(Refusal.NothingToReopen);
}
