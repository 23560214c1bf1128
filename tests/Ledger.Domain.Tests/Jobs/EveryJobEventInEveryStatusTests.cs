using Ledger.Domain.Jobs;
using Ledger.Domain.Tests.GivenWhenThen;
using static Ledger.Domain.Jobs.JobCommand;
using static Ledger.Domain.Tests.Jobs.AJob;

namespace Ledger.Domain.Tests.Jobs;

/// <summary>The table of events and statuses of the export jobs contract, with creation and expiry beside it.</summary>
public class EveryJobEventInEveryStatusTests
{
    private static readonly Dictionary<string, JobEvent[]> Situations = new()
    {
        ["no such job"] = [],
        ["pending"] = [Created],
        ["in progress"] = [Created, Started],
        ["completed"] = [Created, Started, Completed],
        ["completed with errors"] = [Created, Started, CompletedWithErrors],
        ["failed from pending"] = [Created, Failed],
        ["failed from in progress"] = [Created, Started, Failed],
    };

    private static readonly Dictionary<string, JobCommand> Commands = new()
    {
        ["create"] = Creation,
        ["started"] = new Start(),
        ["failed"] = new Fail("accounting_system_unreachable", "Ledger API did not answer."),
        ["completed"] = new Complete(WithErrors: false),
        ["completed_with_errors"] = new Complete(WithErrors: true),
        ["expire"] = new Expire(),
    };

    private static readonly DecisionTable Table = DecisionTable.Parse("""
        |                         | create           | started          | failed           | completed        | completed_with_errors | expire      |
        | no such job             | job_created      | !JobUnknown      | !JobUnknown      | !JobUnknown      | !JobUnknown           | !JobUnknown |
        | pending                 | !JobStatusChange | job_started      | job_failed       | !JobStatusChange | !JobStatusChange      | job_failed  |
        | in progress             | !JobStatusChange | !JobStatusChange | job_failed       | job_completed    | job_completed         | job_failed  |
        | completed               | !JobStatusChange | !JobStatusChange | !JobStatusChange | !JobStatusChange | !JobStatusChange      | -           |
        | completed with errors   | !JobStatusChange | !JobStatusChange | !JobStatusChange | !JobStatusChange | !JobStatusChange      | -           |
        | failed from pending     | !JobStatusChange | !JobStatusChange | !JobStatusChange | !JobStatusChange | !JobStatusChange      | -           |
        | failed from in progress | !JobStatusChange | !JobStatusChange | !JobStatusChange | !JobStatusChange | !JobStatusChange      | -           |
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

    [Fact]
    public void The_table_is_complete()
    {
        Table.Commands.ShouldBe(Commands.Keys);
        Table.Situations.ShouldBe(Situations.Keys);
        Commands.Values.Select(command => command.GetType()).Distinct().ShouldBe(typeof(JobCommand).GetNestedTypes(), ignoreOrder: true);
        Situations.Values.Select(past => Given(past).State).Where(state => state.Exists).Select(state => state.Status).Distinct()
            .ShouldBe(Enum.GetValues<JobStatus>(), ignoreOrder: true);
    }
}
