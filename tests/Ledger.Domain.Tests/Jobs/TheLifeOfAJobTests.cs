using Ledger.Domain.Jobs;
using Ledger.Domain.Tests.GivenWhenThen;
using static Ledger.Domain.Jobs.JobCommand;
using static Ledger.Domain.Jobs.JobEvent;
using static Ledger.Domain.Tests.Jobs.AJob;

namespace Ledger.Domain.Tests.Jobs;

public class TheLifeOfAJobTests
{
    [Fact]
    public void Creation_keeps_everything_it_was_told() =>
        Given().When(Creation).Then(Created).State.ShouldBe(JobState.None with
        {
            Version = 1,
            Status = JobStatus.Pending,
            SystemId = new("erp"),
            CreatedBy = Employee,
            IsInteractive = true,
            VendorBasedBookkeeping = true,
            NumberOfItems = 3,
            CreatedAt = Clock.At(1),
            ChangedAt = Clock.At(1),
        });

    [Fact]
    public void A_batch_of_accounting_exports_is_a_job_with_a_name_of_its_own() =>
        Given().When(new Create(new("erp"), JobOrigin.AccountingExports, null, false, false, 3, "batch_0123456789abcdef")).Then(BatchCreated)
            .State.BatchId.ShouldBe("batch_0123456789abcdef");

    [Fact]
    public void Starting_sets_the_time_it_started()
    {
        var state = Given(Created).When(new Start()).Then(Started).State;
        (state.Status, state.StartedAt, state.ChangedAt).ShouldBe((JobStatus.InProgress, Clock.At(2), Clock.At(2)));
    }

    [Theory]
    [InlineData(false, JobStatus.Completed)]
    [InlineData(true, JobStatus.CompletedWithErrors)]
    public void Completing_sets_the_time_it_completed(bool withErrors, JobStatus expected)
    {
        var state = Given(Created, Started).When(new Complete(withErrors)).Then(new JobCompleted(withErrors)).State;
        (state.Status, state.CompletedAt, state.IsFinished).ShouldBe((expected, Clock.At(3), true));
    }

    [Fact]
    public void Failing_keeps_the_reason_and_is_neither_completion_nor_expiry()
    {
        var state = Given(Created, Started).When(new Fail("accounting_system_unreachable", "Ledger API did not answer.")).Then(Failed).State;
        (state.Status, state.FailureType, state.FailureReason).ShouldBe((JobStatus.Failed, "accounting_system_unreachable", "Ledger API did not answer."));
        (state.CompletedAt, state.ExpiredAt, state.ChangedAt).ShouldBe((null, null, Clock.At(3)));
    }

    [Fact]
    public void Failing_needs_no_reason() =>
        Given(Created).When(new Fail(null, null)).Then(new JobFailed(null, null, false)).State.FailureType.ShouldBeNull();

    [Fact]
    public void Expiry_is_a_failure_with_its_own_type_and_time()
    {
        var outcome = Given(Created).When(new Expire());
        outcome.Events.ShouldHaveSingleItem().ShouldBeOfType<JobFailed>().Expired.ShouldBeTrue();
        var state = outcome.After.State;
        (state.Status, state.FailureType, state.ExpiredAt).ShouldBe((JobStatus.Failed, "job_expired", Clock.At(2)));
        state.FailureReason.ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public void Expiring_twice_fails_it_once() => Given(Created).When(new Expire()).After.When(new Expire()).ThenNothing();

    [Fact]
    public void A_batch_of_accounting_exports_never_expires()
    {
        Given(BatchCreated).When(new Expire()).ThenNothing();
        Given(BatchCreated, Started).When(new Expire()).ThenNothing();
    }

    public static TheoryData<JobEvent[]> CorruptStreams => new(
        [Started], [Completed], [Failed], [Created, Created],
        [Created, Started, Started], [Created, Started, Completed, Started], [Created, Failed, Completed], [Created, Started, Completed, Failed]);

    [Theory]
    [MemberData(nameof(CorruptStreams), DisableDiscoveryEnumeration = true)]
    public void A_stream_that_no_decision_could_have_made_stops_whoever_reads_it(JobEvent[] stream) =>
        Should.Throw<InvalidOperationException>(() => Given(stream)).Message.ShouldContain("corrupt");
}
