using Ledger.Domain.Records;
using Ledger.Domain.Tests.GivenWhenThen;
using static Ledger.Domain.Records.RecordCommand;
using static Ledger.Domain.Tests.Records.ARecord;

namespace Ledger.Domain.Tests.Records;

public class EveryRecordCommandInEverySituationTests
{
    private static readonly Dictionary<string, RecordEvent[]> Situations = new()
    {
        ["unknown"] = [],
        ["in preparation"] = [Registered(Stage.Prepare)],
        ["in review"] = [Registered(Stage.Prepare), StageChanged(Stage.Review)],
        ["ready"] = [Registered()],
        ["revised"] = [Registered(), Revised(OtherContent)],
        ["withdrawn"] = [Registered(), Withdrawn],
        ["come back"] = [Registered(), Withdrawn, Revised(Content)],
    };

    private static readonly Dictionary<string, RecordCommand> Commands = new()
    {
        ["send"] = Register(Content),
        ["send other content"] = Register(OtherContent),
        ["send as in review"] = Register(Content with { Stage = Stage.Review }),
        ["to prepare"] = new ChangeStage(Stage.Prepare),
        ["to review"] = new ChangeStage(Stage.Review),
        ["to ready"] = new ChangeStage(Stage.Ready),
        ["withdraw"] = new Withdraw(),
    };

    private static readonly DecisionTable Table = DecisionTable.Parse("""
        |                | send                 | send other content | send as in review    | to prepare           | to review            | to ready             | withdraw         |
        | unknown        | record_registered    | record_registered  | record_registered    | !RecordUnknown       | !RecordUnknown       | !RecordUnknown       | !RecordUnknown   |
        | in preparation | record_stage_changed | record_revised     | record_stage_changed | -                    | record_stage_changed | record_stage_changed | record_withdrawn |
        | in review      | record_stage_changed | record_revised     | -                    | record_stage_changed | -                    | record_stage_changed | record_withdrawn |
        | ready          | -                    | record_revised     | record_stage_changed | record_stage_changed | record_stage_changed | -                    | record_withdrawn |
        | revised        | record_revised       | -                  | record_revised       | record_stage_changed | record_stage_changed | -                    | record_withdrawn |
        | withdrawn      | record_revised       | record_revised     | record_revised       | !RecordWithdrawn     | !RecordWithdrawn     | !RecordWithdrawn     | -                |
        | come back      | -                    | record_revised     | record_stage_changed | record_stage_changed | record_stage_changed | -                    | record_withdrawn |
        """);

    public static TheoryData<string, string, string> Cells => Table.AsTheory();

    [Theory]
    [MemberData(nameof(Cells))]
    public void Leads_to_what_the_table_says(string situation, string command, string expected)
    {
        var outcome = Given(Situations[situation]).When(Commands[command]);
        Outcome.Describe(outcome.Decision).ShouldBe(expected);
        outcome.After.State.Version.ShouldBe(Situations[situation].Length + outcome.Events.Count);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Said_again_once_it_is_recorded_has_nothing_left_to_do(string situation, string command, string expected)
    {
        var outcome = Given(Situations[situation]).When(Commands[command]);
        if (expected[0] != '!') outcome.After.When(Commands[command]).ThenNothing();
    }

    [Fact]
    public void The_table_is_complete()
    {
        Table.Commands.ShouldBe(Commands.Keys);
        Table.Situations.ShouldBe(Situations.Keys);
        Commands.Values.Select(command => command.GetType()).Distinct().ShouldBe(typeof(RecordCommand).GetNestedTypes(), ignoreOrder: true);
        Situations.Values.Select(past => Given(past).State).Where(state => state.IsRegistered).Select(state => state.Stage).Distinct().ShouldBe(Enum.GetValues<Stage>(), ignoreOrder: true);
    }
}
