using Ledger.Domain.Items;
using Ledger.Domain.Tests.GivenWhenThen;
using static Ledger.Domain.Items.ItemCommand;
using static Ledger.Domain.Items.ItemEvent;
using static Ledger.Domain.Tests.Items.AnItem;

namespace Ledger.Domain.Tests.Items;

public class RequestingAnExportTests
{
    [Fact]
    public void Opens_an_attempt_that_names_its_job_its_place_there_and_who_opened_it() =>
        Given().When(new RequestExport(ThisAttempt, ThisJob, 7, "export_jobs", RecordIsReady: true, AgainIfExported: false))
            .Then(new ExportRequested(ThisAttempt, ThisJob, 7, "export_jobs"))
            .State.OpenAttempt.ShouldBe(new Attempt(ThisAttempt, AttemptStatus.Pending, ThisJob, 7, "export_jobs", Clock.At(1), Clock.At(1), null, null));

    [Fact]
    public void Needs_no_job() =>
        Given().When(new RequestExport(ThisAttempt, null, 0, "accounting_exports", true, false)).Then(RequestedAlone);

    [Fact]
    public void Is_refused_while_any_attempt_is_open() =>
        Given(RequestedInOtherJob).When(Request()).ThenRefused(Refusal.AttemptOpen);

    [Fact]
    public void Says_that_an_attempt_is_open_before_it_says_that_the_record_is_not_ready() =>
        Given(RequestedInOtherJob).When(Request(ready: false)).ThenRefused(Refusal.AttemptOpen);

    [Fact]
    public void Is_refused_while_the_record_is_not_ready() =>
        Given().When(Request(ready: false)).ThenRefused(Refusal.RecordNotReady);

    [Fact]
    public void Is_refused_for_an_exported_item_that_nobody_wants_again() =>
        Given(Marked).When(Request()).ThenRefused(Refusal.AlreadyExported);

    [Fact]
    public void Leaves_an_exported_item_exported_while_it_is_exported_again()
    {
        var state = Given(ReportedExported).When(Request(again: true)).Then(RequestedInThisJob).State;
        state.ExportedSince.ShouldBe(Clock.At(1));
        state.LastExportedAt.ShouldBe(Clock.At(1));
        state.Reference.ShouldBe(Entry1);
        state.OpenAttempt!.Id.ShouldBe(ThisAttempt);
    }

    [Fact]
    public void Clears_the_failure_of_the_attempt_before() =>
        Given(RequestedInOtherJob, Failed with { AttemptId = OtherAttempt }).When(Request()).Then(RequestedInThisJob).State.Failure.ShouldBeNull();

    [Fact]
    public void Opens_a_reopened_item_like_a_fresh_one() =>
        Given(ReportedExported, Reopened).When(Request()).Then(RequestedInThisJob);
}
