using Ledger.Domain.Items;
using Ledger.Domain.Tests.GivenWhenThen;
using static Ledger.Domain.Items.ItemCommand;
using static Ledger.Domain.Items.ItemEvent;
using static Ledger.Domain.Tests.Items.AnItem;

namespace Ledger.Domain.Tests.Items;

/// <summary>Results told of the item itself, by whoever exported it.</summary>
public class ReportingAResultTests
{
    [Fact]
    public void A_success_needs_no_attempt()
    {
        var state = Given().When(new ReportExported(Entry1)).Then(ReportedExported).State;
        state.ExportedSince.ShouldBe(Clock.At(1));
        state.LastExportedAt.ShouldBe(Clock.At(1));
        state.Reference.ShouldBe(Entry1);
        state.Attempt.ShouldBeNull();
    }

    [Fact]
    public void A_success_ends_the_open_attempt_of_another_dialect() =>
        Given(RequestedInOtherJob).When(new ReportExported(Entry1)).Then(Exported(OtherAttempt, Entry1))
            .State.Attempt.ShouldBe(new Attempt(OtherAttempt, AttemptStatus.Successful, OtherJob, 0, "export_jobs", Clock.At(1), Clock.At(2), Entry1, null));

    [Fact]
    public void The_time_the_caller_reports_is_kept_beside_the_recorded_one()
    {
        var longAgo = Entry1 with { ReportedAt = Clock.At(0).AddYears(-20) };
        var state = Given().When(new ReportExported(longAgo)).Then(Exported(null, longAgo)).State;
        state.ExportedSince.ShouldBe(Clock.At(1));
        state.Reference!.ReportedAt.ShouldBe(longAgo.ReportedAt);
    }

    [Fact]
    public void The_same_success_again_writes_nothing() => Given(ReportedExported).When(new ReportExported(Entry1)).ThenNothing();

    [Fact]
    public void Another_success_is_a_second_mark()
    {
        var state = Given(ReportedExported).When(new ReportExported(Entry2)).Then(Exported(null, Entry2)).State;
        state.ExportedSince.ShouldBe(Clock.At(1));
        state.LastExportedAt.ShouldBe(Clock.At(2));
        state.Reference.ShouldBe(Entry2);
    }

    [Fact]
    public void The_same_success_ends_an_attempt_to_export_again() =>
        Given(ReportedExported, RequestedInThisJob).When(new ReportExported(Entry1)).Then(Succeeded).State.OpenAttempt.ShouldBeNull();

    [Fact]
    public void The_same_success_counts_again_after_a_reopening() =>
        Given(ReportedExported, Reopened).When(new ReportExported(Entry1)).Then(ReportedExported).State.ExportedSince.ShouldBe(Clock.At(3));

    [Fact]
    public void A_failure_needs_no_attempt()
    {
        var state = Given().When(new ReportFailed(Invalid, AccountClosed)).Then(ReportedFailed).State;
        state.Failure.ShouldBe(new ExportFailure(Invalid, AccountClosed, Clock.At(1)));
        state.IsFailed.ShouldBeTrue();
        state.IsExported.ShouldBeFalse();
    }

    [Fact]
    public void A_failure_ends_the_open_attempt_of_another_dialect()
    {
        var failure = new ExportFailure(Invalid, AccountClosed, Clock.At(2));
        Given(RequestedInOtherJob).When(new ReportFailed(Invalid, AccountClosed)).Then(Failed with { AttemptId = OtherAttempt })
            .State.Attempt.ShouldBe(new Attempt(OtherAttempt, AttemptStatus.Failed, OtherJob, 0, "export_jobs", Clock.At(1), Clock.At(2), null, failure));
    }

    [Fact]
    public void The_same_failure_again_writes_nothing() => Given(ReportedFailed).When(new ReportFailed(Invalid, AccountClosed)).ThenNothing();

    [Fact]
    public void The_same_failure_counts_again_when_the_record_was_sent_again() =>
        Given(ReportedFailed).When(new ReportFailed(Invalid, AccountClosed, ReadySince: Clock.At(1).AddMicroseconds(1))).Then(ReportedFailed);

    [Fact]
    public void The_same_failure_of_what_was_sent_once_writes_nothing() =>
        Given(ReportedFailed).When(new ReportFailed(Invalid, AccountClosed, ReadySince: Clock.At(1))).ThenNothing();

    [Theory]
    [InlineData(NoVendor, AccountClosed)]
    [InlineData(Invalid, VendorBlocked)]
    [InlineData(null, null)]
    public void A_failure_that_differs_in_type_or_text_is_another_one(string? type, string? reason) =>
        Given(ReportedFailed).When(new ReportFailed(type, reason)).Then(new ItemFailed(null, type, reason));

    [Fact]
    public void A_failure_does_not_end_exported()
    {
        var state = Given(ReportedExported).When(new ReportFailed(Invalid, AccountClosed)).Then(ReportedFailed).State;
        state.ExportedSince.ShouldBe(Clock.At(1));
        state.IsFailed.ShouldBeFalse();
        state.Failure.ShouldNotBeNull();
    }

    [Fact]
    public void A_success_clears_the_failure() =>
        Given(ReportedFailed).When(new ReportExported(Entry1)).Then(ReportedExported).State.Failure.ShouldBeNull();
}
