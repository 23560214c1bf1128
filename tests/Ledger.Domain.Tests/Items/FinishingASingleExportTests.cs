using Ledger.Domain.Items;
using Ledger.Domain.Tests.GivenWhenThen;
using static Ledger.Domain.Items.ItemCommand;
using static Ledger.Domain.Items.ItemEvent;
using static Ledger.Domain.Tests.Items.AnItem;

namespace Ledger.Domain.Tests.Items;

/// <summary>Exports that are followed by their own id: the target system finishes them, the caller cancels them.</summary>
public class FinishingASingleExportTests
{
    [Fact]
    public void Success_exports_the_item() =>
        Given(RequestedAlone).When(FinishWell(Entry1)).Then(Succeeded).State.ExportedSince.ShouldBe(Clock.At(2));

    [Fact]
    public void Failure_keeps_its_message_and_has_no_type() =>
        Given(RequestedAlone).When(FinishBadly(AccountClosed)).Then(new ItemFailed(ThisAttempt, null, AccountClosed))
            .State.Failure.ShouldBe(new ExportFailure(null, AccountClosed, Clock.At(2)));

    [Fact]
    public void The_same_success_again_writes_nothing() => Given(RequestedAlone, Succeeded).When(FinishWell(Entry1)).ThenNothing();

    [Fact]
    public void The_same_failure_again_writes_nothing() => Given(RequestedAlone, Failed).When(FinishBadly(AccountClosed)).ThenNothing();

    [Fact]
    public void A_failure_after_the_success_is_refused() =>
        Given(RequestedAlone, Succeeded).When(FinishBadly(AccountClosed)).ThenRefused(Refusal.AttemptFinal);

    [Fact]
    public void A_success_after_the_failure_is_refused() =>
        Given(RequestedAlone, Failed).When(FinishWell(Entry1)).ThenRefused(Refusal.AttemptFinal);

    [Fact]
    public void A_success_under_another_reference_is_refused() =>
        Given(RequestedAlone, Succeeded).When(FinishWell(Entry2)).ThenRefused(Refusal.AttemptFinal);

    [Fact]
    public void A_result_after_the_cancellation_is_refused() =>
        Given(RequestedAlone, Cancelled).When(FinishWell(Entry1)).ThenRefused(Refusal.AttemptFinal);

    [Fact]
    public void The_same_success_is_still_the_same_after_a_reopening() =>
        Given(RequestedAlone, Succeeded, Reopened).When(FinishWell(Entry1)).ThenNothing();

    [Fact]
    public void An_attempt_that_is_not_the_latest_is_unknown_here() =>
        Given(RequestedAlone, Succeeded, RequestedInOtherJob).When(FinishWell(Entry1)).ThenRefused(Refusal.AttemptUnknown);

    [Fact]
    public void Cancelling_offers_the_item_again()
    {
        var state = Given(RequestedAlone).When(new CancelAttempt(ThisAttempt)).Then(Cancelled).State;
        state.Attempt!.Status.ShouldBe(AttemptStatus.Cancelled);
        state.StatusFor(recordIsReady: true).ShouldBe(ItemStatus.Offered);
    }

    [Fact]
    public void Cancelling_again_writes_nothing() => Given(RequestedAlone, Cancelled).When(new CancelAttempt(ThisAttempt)).ThenNothing();

    [Fact]
    public void Cancelling_after_the_result_is_refused() =>
        Given(RequestedAlone, Succeeded).When(new CancelAttempt(ThisAttempt)).ThenRefused(Refusal.AttemptFinal);

    [Fact]
    public void Cancelling_what_was_never_requested_is_unknown() =>
        Given().When(new CancelAttempt(ThisAttempt)).ThenRefused(Refusal.AttemptUnknown);
}
