using Ledger.Domain.Records;
using Ledger.Domain.Tests.GivenWhenThen;
using static Ledger.Domain.Records.RecordCommand;
using static Ledger.Domain.Tests.Records.ARecord;

namespace Ledger.Domain.Tests.Records;

public class TheLifeOfARecordTests
{
    [Fact]
    public void Registering_keeps_its_identity_and_its_times() =>
        Given().When(Register(Content)).Then(Registered())
            .State.ShouldBe(new RecordState(1, Number, Uuid, ContentHash.Of(Content), Stage.Ready, false, Clock.At(1), Clock.At(1), Clock.At(1), Clock.At(1)));

    [Fact]
    public void A_revision_keeps_the_number_and_the_uuid_whatever_the_command_proposes()
    {
        var state = Given(Registered()).When(new Register(9999, Guid.NewGuid(), OtherContent, ContentHash.Of(OtherContent))).Then(Revised(OtherContent)).State;
        (state.Number, state.Uuid, state.RegisteredAt, state.RevisedAt).ShouldBe((Number, Uuid, Clock.At(1), Clock.At(2)));
        state.ContentHash.ShouldBe(ContentHash.Of(OtherContent));
    }

    [Fact]
    public void A_revision_carries_its_stage_along()
    {
        var inReview = OtherContent with { Stage = Stage.Review };
        var state = Given(Registered()).When(Register(inReview)).Then(Revised(inReview)).State;
        (state.Stage, state.IsReady, state.ReadySince).ShouldBe((Stage.Review, false, null));
    }

    [Fact]
    public void A_change_of_stage_is_no_revision()
    {
        var state = Given(Registered(Stage.Prepare)).When(new ChangeStage(Stage.Ready)).Then(StageChanged(Stage.Ready)).State;
        (state.RevisedAt, state.ChangedAt, state.ReadySince).ShouldBe((Clock.At(1), Clock.At(2), Clock.At(2)));
    }

    [Fact]
    public void New_content_of_a_ready_record_makes_it_ready_anew() =>
        Given(Registered(), Revised(OtherContent)).State.ReadySince.ShouldBe(Clock.At(2));

    [Theory]
    [InlineData(Stage.Prepare)]
    [InlineData(Stage.Review)]
    public void Only_ready_records_are_ready(Stage stage)
    {
        Given(Registered(stage)).State.IsReady.ShouldBeFalse();
        Given(Registered(), StageChanged(stage)).State.ReadySince.ShouldBeNull();
    }

    [Fact]
    public void Withdrawing_takes_it_from_every_queue_and_forgets_nothing()
    {
        var state = Given(Registered()).When(new Withdraw()).Then(Withdrawn).State;
        (state.Withdrawn, state.IsReady, state.ReadySince, state.Number).ShouldBe((true, false, null, Number));
    }

    [Fact]
    public void The_same_content_brings_a_withdrawn_record_back()
    {
        var state = Given(Registered(), Withdrawn).When(Register(Content)).Then(Revised(Content)).State;
        (state.Withdrawn, state.IsReady, state.ReadySince).ShouldBe((false, true, Clock.At(3)));
    }

    [Fact]
    public void It_comes_back_at_the_stage_it_is_sent_with() =>
        Given(Registered(), Withdrawn).When(Register(Content with { Stage = Stage.Review })).After.State.IsReady.ShouldBeFalse();

    public static TheoryData<RecordEvent[]> CorruptStreams => new(
        [Withdrawn], [StageChanged(Stage.Ready)], [Revised(Content)], [Registered(), Registered()]);

    [Theory]
    [MemberData(nameof(CorruptStreams), DisableDiscoveryEnumeration = true)]
    public void A_stream_that_no_decision_could_have_made_stops_whoever_reads_it(RecordEvent[] stream) =>
        Should.Throw<InvalidOperationException>(() => Given(stream)).Message.ShouldContain("corrupt");
}
