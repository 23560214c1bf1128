using Ledger.Domain.Items;
using Ledger.Domain.Tests.GivenWhenThen;
using static Ledger.Domain.Items.ItemCommand;
using static Ledger.Domain.Items.ItemEvent;
using static Ledger.Domain.Tests.Items.AnItem;

namespace Ledger.Domain.Tests.Items;

/// <summary>What the integration that works on a job says of the items in it.</summary>
public class ReportingFromAJobTests
{
    [Fact]
    public void Takes_an_item_up() =>
        Given(RequestedInThisJob).When(Update(AttemptStatus.InProgress)).Then(TakenUp)
            .State.Attempt.ShouldBe(new Attempt(ThisAttempt, AttemptStatus.InProgress, ThisJob, 7, "export_jobs", Clock.At(1), Clock.At(2), null, null));

    [Fact]
    public void Puts_it_back() =>
        Given(RequestedInThisJob, TakenUp).When(Update(AttemptStatus.Pending)).Then(new ExportProgressed(ThisAttempt, AttemptStatus.Pending))
            .State.OpenAttempt!.Status.ShouldBe(AttemptStatus.Pending);

    [Fact]
    public void Exports_it_without_taking_it_up_first()
    {
        var state = Given(RequestedInThisJob).When(UpdateSuccessful(Entry1)).Then(Succeeded).State;
        state.ExportedSince.ShouldBe(Clock.At(2));
        state.Attempt!.Reference.ShouldBe(Entry1);
        state.OpenAttempt.ShouldBeNull();
    }

    [Fact]
    public void Fails_it_with_type_and_text() =>
        Given(RequestedInThisJob, TakenUp).When(UpdateFailed(Invalid, AccountClosed)).Then(Failed)
            .State.Attempt!.Failure.ShouldBe(new ExportFailure(Invalid, AccountClosed, Clock.At(3)));

    [Fact]
    public void Fails_it_without_saying_why() =>
        Given(RequestedInThisJob).When(UpdateFailed(null, null)).Then(new ItemFailed(ThisAttempt, null, null)).State.IsFailed.ShouldBeTrue();

    [Fact]
    public void Corrects_a_failure_into_a_success_because_a_retry_worked()
    {
        var state = Given(RequestedInThisJob, Failed).When(UpdateSuccessful(Entry1)).Then(Succeeded).State;
        state.Failure.ShouldBeNull();
        state.Attempt!.Failure.ShouldBeNull();
        state.Attempt.Status.ShouldBe(AttemptStatus.Successful);
    }

    [Fact]
    public void Corrects_the_text_of_a_failure() =>
        Given(RequestedInThisJob, Failed).When(UpdateFailed(NoVendor, VendorBlocked)).Then(new ItemFailed(ThisAttempt, NoVendor, VendorBlocked))
            .State.Failure!.Reason.ShouldBe(VendorBlocked);

    [Fact]
    public void Does_not_take_a_success_back() =>
        Given(RequestedInThisJob, Succeeded).When(UpdateFailed(Invalid, AccountClosed)).ThenRefused(Refusal.AttemptFinal);

    [Fact]
    public void Repeats_a_success_without_a_trace() => Given(RequestedInThisJob, Succeeded).When(UpdateSuccessful(Entry1)).ThenNothing();

    [Fact]
    public void Repeats_a_success_in_fewer_words() => Given(RequestedInThisJob, Succeeded).When(UpdateSuccessful(ExportReference.None)).ThenNothing();

    [Fact]
    public void Repeats_a_success_with_the_time_it_left_out_first() =>
        Given(RequestedInThisJob, Exported(ThisAttempt, Entry1 with { ReportedAt = null })).When(UpdateSuccessful(Entry1)).ThenNothing();

    public static TheoryData<ExportReference> OtherWords => new(
        Entry1 with { ExternalId = "JE-2" }, Entry1 with { ExternalUrl = "https://erp.example.com/journal/JE-2" }, Entry1 with { ReportedAt = Clock.At(-1) });

    [Theory]
    [MemberData(nameof(OtherWords), DisableDiscoveryEnumeration = true)]
    public void Does_not_change_what_a_success_said(ExportReference other) =>
        Given(RequestedInThisJob, Succeeded).When(UpdateSuccessful(other)).ThenRefused(Refusal.AttemptFinal);

    [Fact]
    public void Does_not_add_an_external_id_to_a_success_that_had_none() =>
        Given(RequestedInThisJob, Exported(ThisAttempt, ExportReference.None)).When(UpdateSuccessful(Entry1)).ThenRefused(Refusal.AttemptFinal);

    [Fact]
    public void Gives_an_item_up()
    {
        var state = Given(RequestedInThisJob).When(Update(AttemptStatus.Abandoned)).Then(Abandoned).State;
        state.Attempt!.Status.ShouldBe(AttemptStatus.Abandoned);
        state.Failure.ShouldBeNull();
        state.OpenAttempt.ShouldBeNull();
    }

    [Fact]
    public void Cannot_put_an_ended_item_back_to_work() =>
        Given(RequestedInThisJob, Failed).When(Update(AttemptStatus.Pending)).ThenRefused(Refusal.AttemptFinal);

    [Fact]
    public void Knows_nothing_of_the_items_of_another_job() =>
        Given(RequestedInOtherJob).When(UpdateSuccessful(Entry1)).ThenRefused(Refusal.AttemptUnknown);

    [Fact]
    public void Learns_that_somebody_else_has_exported_it() =>
        Given(RequestedInThisJob).When(new MarkExported("entered by hand")).After.When(UpdateFailed(Invalid, AccountClosed)).ThenRefused(Refusal.AttemptFinal);

    [Fact]
    public void A_job_that_ends_abandons_what_is_open() =>
        Given(RequestedInThisJob, TakenUp).When(new AbandonAttempt(ThisJob)).Then(Abandoned);

    [Fact]
    public void A_job_that_ends_leaves_results_as_they_are() =>
        Given(RequestedInThisJob, Failed).When(new AbandonAttempt(ThisJob)).ThenNothing();

    [Fact]
    public void A_job_that_ends_leaves_attempts_that_are_not_its_own() =>
        Given(RequestedAlone).When(new AbandonAttempt(ThisJob)).ThenNothing();
}
