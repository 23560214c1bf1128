using Ledger.Domain.Items;
using Ledger.Domain.Tests.GivenWhenThen;
using static Ledger.Domain.Items.ItemCommand;
using static Ledger.Domain.Items.ItemEvent;
using static Ledger.Domain.Tests.Items.AnItem;

namespace Ledger.Domain.Tests.Items;

/// <summary>
/// Every command in every situation of an item. A word is the event that follows, <c>-</c> nothing to do, <c>!</c> a refusal:
/// open = another attempt is open, not-ready = the record is not, exported = already, final = the attempt ended otherwise,
/// unknown = not the latest attempt, neither = neither exported nor failed.
/// </summary>
internal static class ItemDecisionTables
{
    public static readonly IReadOnlyDictionary<string, ItemEvent[]> Situations = new Dictionary<string, ItemEvent[]>
    {
        ["untouched"] = [],
        ["pending in this job"] = [RequestedInThisJob],
        ["in progress in this job"] = [RequestedInThisJob, TakenUp],
        ["successful in this job"] = [RequestedInThisJob, Succeeded],
        ["failed in this job"] = [RequestedInThisJob, Failed],
        ["abandoned in this job"] = [RequestedInThisJob, Abandoned],
        ["cancelled in this job"] = [RequestedInThisJob, Cancelled],
        ["pending alone"] = [RequestedAlone],
        ["successful alone"] = [RequestedAlone, Succeeded],
        ["failed alone"] = [RequestedAlone, Failed],
        ["cancelled alone"] = [RequestedAlone, Cancelled],
        ["pending in other job"] = [RequestedInOtherJob],
        ["in progress in other job"] = [RequestedInOtherJob, TakenUp with { AttemptId = OtherAttempt }],
        ["successful in other job"] = [RequestedInOtherJob, Succeeded with { AttemptId = OtherAttempt }],
        ["failed in other job"] = [RequestedInOtherJob, Failed with { AttemptId = OtherAttempt }],
        ["abandoned in other job"] = [RequestedInOtherJob, Abandoned with { AttemptId = OtherAttempt }],
        ["cancelled in other job"] = [RequestedInOtherJob, Cancelled with { AttemptId = OtherAttempt }],
        ["failed here, pending in other job"] = [RequestedInThisJob, Failed, RequestedInOtherJob],
        ["marked, never attempted"] = [Marked],
        ["reported exported, never attempted"] = [ReportedExported],
        ["reported failed, never attempted"] = [ReportedFailed],
        ["exported, pending again"] = [ReportedExported, RequestedInThisJob],
        ["exported, failed again"] = [ReportedExported, RequestedInThisJob, Failed],
        ["reopened after success"] = [RequestedInThisJob, Succeeded, Reopened],
        ["reopened after failure"] = [RequestedInThisJob, Failed, Reopened],
        ["reopened while pending again"] = [ReportedExported, RequestedInThisJob, Reopened],
        ["failed here, then marked"] = [RequestedInThisJob, Failed, Marked],
    };

    public static readonly IReadOnlyDictionary<string, ItemCommand> Commands = new Dictionary<string, ItemCommand>
    {
        ["request"] = Request(),
        ["request unready"] = Request(ready: false),
        ["request again"] = Request(again: true),
        ["report JE-1"] = new ReportExported(Entry1),
        ["report JE-2"] = new ReportExported(Entry2),
        ["report failure"] = new ReportFailed(Invalid, AccountClosed),
        ["other failure"] = new ReportFailed(NoVendor, VendorBlocked),
        ["mark"] = new MarkExported("entered by hand"),
        ["reopen"] = new Reopen("wrong period"),
        ["to pending"] = Update(AttemptStatus.Pending),
        ["in progress"] = Update(AttemptStatus.InProgress),
        ["as JE-1"] = UpdateSuccessful(Entry1),
        ["as JE-2"] = UpdateSuccessful(Entry2),
        ["failed so"] = UpdateFailed(Invalid, AccountClosed),
        ["otherwise"] = UpdateFailed(NoVendor, VendorBlocked),
        ["given up"] = Update(AttemptStatus.Abandoned),
        ["called off"] = Update(AttemptStatus.Cancelled),
        ["job over"] = new AbandonAttempt(ThisJob),
        ["done as JE-1"] = FinishWell(Entry1),
        ["done as JE-2"] = FinishWell(Entry2),
        ["not done"] = FinishBadly(AccountClosed),
        ["not done otherwise"] = FinishBadly(VendorBlocked),
        ["cancel"] = new CancelAttempt(ThisAttempt),
    };

    /// <summary>What anybody may say of an item, whoever works on it.</summary>
    public static readonly DecisionTable ByAnybody = DecisionTable.Parse("""
        |                                    | request   | request unready | request again | report JE-1 | report JE-2 | report failure | other failure | mark   | reopen   |
        | untouched                          | requested | !not-ready      | requested     | exported    | exported    | failed         | failed        | marked | !neither |
        | pending in this job                | !open     | !open           | !open         | exported    | exported    | failed         | failed        | marked | !neither |
        | in progress in this job            | !open     | !open           | !open         | exported    | exported    | failed         | failed        | marked | !neither |
        | successful in this job             | !exported | !not-ready      | requested     | -           | exported    | failed         | failed        | marked | reopened |
        | failed in this job                 | requested | !not-ready      | requested     | exported    | exported    | -              | failed        | marked | reopened |
        | abandoned in this job              | requested | !not-ready      | requested     | exported    | exported    | failed         | failed        | marked | !neither |
        | cancelled in this job              | requested | !not-ready      | requested     | exported    | exported    | failed         | failed        | marked | !neither |
        | pending alone                      | !open     | !open           | !open         | exported    | exported    | failed         | failed        | marked | !neither |
        | successful alone                   | !exported | !not-ready      | requested     | -           | exported    | failed         | failed        | marked | reopened |
        | failed alone                       | requested | !not-ready      | requested     | exported    | exported    | -              | failed        | marked | reopened |
        | cancelled alone                    | requested | !not-ready      | requested     | exported    | exported    | failed         | failed        | marked | !neither |
        | pending in other job               | !open     | !open           | !open         | exported    | exported    | failed         | failed        | marked | !neither |
        | in progress in other job           | !open     | !open           | !open         | exported    | exported    | failed         | failed        | marked | !neither |
        | successful in other job            | !exported | !not-ready      | requested     | -           | exported    | failed         | failed        | marked | reopened |
        | failed in other job                | requested | !not-ready      | requested     | exported    | exported    | -              | failed        | marked | reopened |
        | abandoned in other job             | requested | !not-ready      | requested     | exported    | exported    | failed         | failed        | marked | !neither |
        | cancelled in other job             | requested | !not-ready      | requested     | exported    | exported    | failed         | failed        | marked | !neither |
        | failed here, pending in other job  | !open     | !open           | !open         | exported    | exported    | failed         | failed        | marked | !neither |
        | marked, never attempted            | !exported | !not-ready      | requested     | exported    | exported    | failed         | failed        | marked | reopened |
        | reported exported, never attempted | !exported | !not-ready      | requested     | -           | exported    | failed         | failed        | marked | reopened |
        | reported failed, never attempted   | requested | !not-ready      | requested     | exported    | exported    | -              | failed        | marked | reopened |
        | exported, pending again            | !open     | !open           | !open         | exported    | exported    | failed         | failed        | marked | reopened |
        | exported, failed again             | !exported | !not-ready      | requested     | -           | exported    | -              | failed        | marked | reopened |
        | reopened after success             | requested | !not-ready      | requested     | exported    | exported    | failed         | failed        | marked | !neither |
        | reopened after failure             | requested | !not-ready      | requested     | exported    | exported    | failed         | failed        | marked | !neither |
        | reopened while pending again       | !open     | !open           | !open         | exported    | exported    | failed         | failed        | marked | !neither |
        | failed here, then marked           | !exported | !not-ready      | requested     | exported    | exported    | failed         | failed        | marked | reopened |
        """);

    /// <summary>What a job reports of its own item; "job over" comes with the end of the job.</summary>
    public static readonly DecisionTable ByItsJob = DecisionTable.Parse("""
        |                                    | to pending | in progress | as JE-1  | as JE-2  | failed so | otherwise | given up  | called off | job over  |
        | untouched                          | !unknown   | !unknown    | !unknown | !unknown | !unknown  | !unknown  | !unknown  | !unknown   | -         |
        | pending in this job                | -          | progressed  | exported | exported | failed    | failed    | abandoned | !final     | abandoned |
        | in progress in this job            | progressed | -           | exported | exported | failed    | failed    | abandoned | !final     | abandoned |
        | successful in this job             | !final     | !final      | -        | !final   | !final    | !final    | !final    | !final     | -         |
        | failed in this job                 | !final     | !final      | exported | exported | -         | failed    | !final    | !final     | -         |
        | abandoned in this job              | !final     | !final      | !final   | !final   | !final    | !final    | -         | !final     | -         |
        | cancelled in this job              | !final     | !final      | !final   | !final   | !final    | !final    | !final    | -          | -         |
        | pending alone                      | !unknown   | !unknown    | !unknown | !unknown | !unknown  | !unknown  | !unknown  | !unknown   | -         |
        | successful alone                   | !unknown   | !unknown    | !unknown | !unknown | !unknown  | !unknown  | !unknown  | !unknown   | -         |
        | failed alone                       | !unknown   | !unknown    | !unknown | !unknown | !unknown  | !unknown  | !unknown  | !unknown   | -         |
        | cancelled alone                    | !unknown   | !unknown    | !unknown | !unknown | !unknown  | !unknown  | !unknown  | !unknown   | -         |
        | pending in other job               | !unknown   | !unknown    | !unknown | !unknown | !unknown  | !unknown  | !unknown  | !unknown   | -         |
        | in progress in other job           | !unknown   | !unknown    | !unknown | !unknown | !unknown  | !unknown  | !unknown  | !unknown   | -         |
        | successful in other job            | !unknown   | !unknown    | !unknown | !unknown | !unknown  | !unknown  | !unknown  | !unknown   | -         |
        | failed in other job                | !unknown   | !unknown    | !unknown | !unknown | !unknown  | !unknown  | !unknown  | !unknown   | -         |
        | abandoned in other job             | !unknown   | !unknown    | !unknown | !unknown | !unknown  | !unknown  | !unknown  | !unknown   | -         |
        | cancelled in other job             | !unknown   | !unknown    | !unknown | !unknown | !unknown  | !unknown  | !unknown  | !unknown   | -         |
        | failed here, pending in other job  | !unknown   | !unknown    | !unknown | !unknown | !unknown  | !unknown  | !unknown  | !unknown   | -         |
        | marked, never attempted            | !unknown   | !unknown    | !unknown | !unknown | !unknown  | !unknown  | !unknown  | !unknown   | -         |
        | reported exported, never attempted | !unknown   | !unknown    | !unknown | !unknown | !unknown  | !unknown  | !unknown  | !unknown   | -         |
        | reported failed, never attempted   | !unknown   | !unknown    | !unknown | !unknown | !unknown  | !unknown  | !unknown  | !unknown   | -         |
        | exported, pending again            | -          | progressed  | exported | exported | failed    | failed    | abandoned | !final     | abandoned |
        | exported, failed again             | !final     | !final      | exported | exported | -         | failed    | !final    | !final     | -         |
        | reopened after success             | !final     | !final      | -        | !final   | !final    | !final    | !final    | !final     | -         |
        | reopened after failure             | !final     | !final      | exported | exported | -         | failed    | !final    | !final     | -         |
        | reopened while pending again       | -          | progressed  | exported | exported | failed    | failed    | abandoned | !final     | abandoned |
        | failed here, then marked           | !final     | !final      | exported | exported | -         | failed    | !final    | !final     | -         |
        """);

    /// <summary>What is said of one attempt by its id, here of the attempt called "this" in the situations.</summary>
    public static readonly DecisionTable ByItsAttempt = DecisionTable.Parse("""
        |                                    | done as JE-1 | done as JE-2 | not done | not done otherwise | cancel    |
        | untouched                          | !unknown     | !unknown     | !unknown | !unknown           | !unknown  |
        | pending in this job                | exported     | exported     | failed   | failed             | cancelled |
        | in progress in this job            | exported     | exported     | failed   | failed             | cancelled |
        | successful in this job             | -            | !final       | !final   | !final             | !final    |
        | failed in this job                 | !final       | !final       | -        | !final             | !final    |
        | abandoned in this job              | !final       | !final       | !final   | !final             | !final    |
        | cancelled in this job              | !final       | !final       | !final   | !final             | -         |
        | pending alone                      | exported     | exported     | failed   | failed             | cancelled |
        | successful alone                   | -            | !final       | !final   | !final             | !final    |
        | failed alone                       | !final       | !final       | -        | !final             | !final    |
        | cancelled alone                    | !final       | !final       | !final   | !final             | -         |
        | pending in other job               | !unknown     | !unknown     | !unknown | !unknown           | !unknown  |
        | in progress in other job           | !unknown     | !unknown     | !unknown | !unknown           | !unknown  |
        | successful in other job            | !unknown     | !unknown     | !unknown | !unknown           | !unknown  |
        | failed in other job                | !unknown     | !unknown     | !unknown | !unknown           | !unknown  |
        | abandoned in other job             | !unknown     | !unknown     | !unknown | !unknown           | !unknown  |
        | cancelled in other job             | !unknown     | !unknown     | !unknown | !unknown           | !unknown  |
        | failed here, pending in other job  | !unknown     | !unknown     | !unknown | !unknown           | !unknown  |
        | marked, never attempted            | !unknown     | !unknown     | !unknown | !unknown           | !unknown  |
        | reported exported, never attempted | !unknown     | !unknown     | !unknown | !unknown           | !unknown  |
        | reported failed, never attempted   | !unknown     | !unknown     | !unknown | !unknown           | !unknown  |
        | exported, pending again            | exported     | exported     | failed   | failed             | cancelled |
        | exported, failed again             | !final       | !final       | -        | !final             | !final    |
        | reopened after success             | -            | !final       | !final   | !final             | !final    |
        | reopened after failure             | !final       | !final       | -        | !final             | !final    |
        | reopened while pending again       | exported     | exported     | failed   | failed             | cancelled |
        | failed here, then marked           | !final       | !final       | -        | !final             | !final    |
        """);

    /// <summary>The words of the cells.</summary>
    public static string WordFor(Decision<ItemEvent> decision) => decision switch
    {
        Decision<ItemEvent>.NothingToDo => "-",
        Decision<ItemEvent>.Refuse refuse => refuse.Reason switch
        {
            Refusal.AttemptOpen => "!open",
            Refusal.RecordNotReady => "!not-ready",
            Refusal.AlreadyExported => "!exported",
            Refusal.AttemptFinal => "!final",
            Refusal.AttemptUnknown => "!unknown",
            Refusal.NothingToReopen => "!neither",
            var other => $"!{other}",
        },
        Decision<ItemEvent>.Append { Events: [var single] } => single switch
        {
            ExportRequested => "requested",
            ExportProgressed => "progressed",
            ItemExported => "exported",
            ItemFailed => "failed",
            RecordMarkedExported => "marked",
            ExportAbandoned => "abandoned",
            ExportCancelled => "cancelled",
            ExportReopened => "reopened",
            _ => single.GetType().Name,
        },
        _ => Outcome.Describe(decision),
    };
}
