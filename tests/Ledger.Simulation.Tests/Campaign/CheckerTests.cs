using Ledger.Faults.History;

namespace Ledger.Simulation.Tests.Campaign;

/// <summary>The judge of <c>faults/run</c>: it accepts what can have happened and names what cannot.</summary>
public sealed class CheckerTests
{
    private static readonly string[] Feed =
    [
        Event(1, "record/1", 1, "record_registered", "r", """{"number":1,"uuid":"u-1","content":{"stage":"ready"}}"""),
        Event(2, "item/erp/1", 1, "export_requested", "a.0", """{"attemptId":"00000000000000aa","ordinal":0}"""),
        Event(3, "item/erp/1", 2, "item_exported", "b.0", """{"attemptId":"00000000000000aa"}"""),
    ];

    private static readonly Operation Requested = new("a.0", "a", "exports one", Outcome.Ok, 202, 1, 1, true, "{}");
    private static readonly Operation Reported = new("b.0", "b", "exports report", Outcome.Ok, 200, 1, 1, true, "{}");

    [Fact]
    public void A_history_with_all_that_was_acknowledged_is_clean() => Judge(Feed, Requested, Reported).ShouldSatisfyAllConditions(found => found.IsClean.ShouldBeTrue(), found => found.Events.ShouldBe(3));

    [Fact]
    public void An_acknowledged_request_without_its_events_is_lost() => Judge(Feed[..2], Requested, Reported).Lost.ShouldBe(1);

    [Fact]
    public void An_unknown_outcome_may_be_either() => Judge(Feed[..2], Requested, Reported with { Outcome = Outcome.Unknown, Least = 0 }).IsClean.ShouldBeTrue();

    [Fact]
    public void A_refused_request_with_events_is_wrong() => Judge(Feed, Requested, Reported with { Outcome = Outcome.Fail, Least = 0 }).Partial.ShouldBe(1);

    [Fact]
    public void Half_of_what_is_all_or_nothing_is_wrong_though_nobody_knows_the_outcome() =>
        Judge(Feed, Requested, Reported with { Outcome = Outcome.Unknown, Least = 0, Most = 2 }).Partial.ShouldBe(1);

    [Fact]
    public void Two_retries_with_an_effect_each_are_a_duplicate() =>
        Judge([.. Feed, Event(4, "item/erp/1", 3, "record_marked_exported", "b.1", "{}")], Requested, Reported, Reported with { Correlation = "b.1" }).Duplicated.ShouldBe(1);

    [Fact]
    public void Two_answers_to_one_key_are_a_duplicate() => Judge(Feed, Requested, Reported, Reported with { Correlation = "b.1", Body = "{\"other\":1}" }).Duplicated.ShouldBe(1);

    [Theory]
    [InlineData(4, 2, "a gap in the positions")]
    [InlineData(3, 3, "a gap in the versions")]
    public void Numbers_with_a_gap_are_impossible(long position, long version, string why) =>
        Judge([.. Feed[..2], Event(position, "item/erp/1", version, "item_exported", "b.0", """{"attemptId":"00000000000000aa"}""")], Requested, Reported).Impossible.ShouldBeGreaterThan(0, why);

    [Theory]
    [InlineData(2, "exported", 3, true)]
    [InlineData(1, "processing", 2, true)]
    [InlineData(1, "processing", 3, false)]
    [InlineData(2, "offered", 3, false)]
    [InlineData(3, "exported", 3, false)]
    public void An_answer_must_have_been_true_and_not_older_than_it_says(long version, string status, long position, bool possible)
    {
        var log = new HistoryLog();
        log.Add(new Look("erp", "1", version, status, position));
        Checker.Judge(log, Feed).IsClean.ShouldBe(possible);
    }

    private static Finding Judge(string[] feed, params Operation[] operations)
    {
        var log = new HistoryLog();
        foreach (var operation in operations) log.Add(operation);
        return Checker.Judge(log, feed);
    }

    private static string Event(long position, string stream, long version, string type, string correlation, string data) =>
        $$"""{"position":{{position}},"stream_id":"{{stream}}","version":{{version}},"type":"{{type}}","correlation_id":"{{correlation}}","data":{{data}}}""";
}
