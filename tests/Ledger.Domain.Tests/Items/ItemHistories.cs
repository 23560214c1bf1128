using FsCheck;
using FsCheck.Fluent;
using Ledger.Domain.Items;
using Ledger.Domain.Tests.GivenWhenThen;
using static Ledger.Domain.Items.ItemCommand;
using static Ledger.Domain.Items.ItemEvent;

namespace Ledger.Domain.Tests.Items;

/// <summary>Random pasts of an item: of any events in any order, and of what the decider makes of random commands.</summary>
internal static class ItemHistories
{
    private static readonly AttemptId[] Attempts = [.. Enumerable.Range(1, 4).Select(number => new AttemptId(number))];
    private static readonly JobId[] Jobs = [AnItem.ThisJob, AnItem.OtherJob];
    private static readonly ExportReference[] References = [AnItem.Entry1, AnItem.Entry2, AnItem.Entry1 with { ReportedAt = null }, ExportReference.None];

    private static readonly Gen<AttemptId> AnAttempt = Gen.Elements(Attempts);
    private static readonly Gen<AttemptId?> PerhapsAnAttempt = Gen.Elements<AttemptId?>([null, .. Attempts]);
    private static readonly Gen<JobId> AJob = Gen.Elements(Jobs);
    private static readonly Gen<JobId?> PerhapsAJob = Gen.Elements<JobId?>([null, .. Jobs]);
    private static readonly Gen<ExportReference> AReference = Gen.Elements(References);
    private static readonly Gen<string?> AWord = Gen.Elements<string?>(null, "one", "two");
    private static readonly Gen<bool> EitherWay = Gen.Elements(true, false);

    private static readonly Gen<ItemEvent> AnEvent = Gen.OneOf<ItemEvent>(
        from id in AnAttempt from job in PerhapsAJob select (ItemEvent)new ExportRequested(id, job, 0, "export_jobs"),
        from id in AnAttempt from status in Gen.Elements(AttemptStatus.Pending, AttemptStatus.InProgress) select (ItemEvent)new ExportProgressed(id, status),
        from id in PerhapsAnAttempt from reference in AReference select (ItemEvent)AnItem.Exported(id, reference),
        from id in PerhapsAnAttempt from type in AWord from reason in AWord select (ItemEvent)new ItemFailed(id, type, reason),
        from id in PerhapsAnAttempt from note in AWord select (ItemEvent)new RecordMarkedExported(id, note),
        from id in AnAttempt select (ItemEvent)new ExportAbandoned(id),
        from id in AnAttempt select (ItemEvent)new ExportCancelled(id),
        from reason in AWord select (ItemEvent)new ExportReopened(reason));

    private static readonly Gen<ItemCommand> ACommand = Gen.OneOf<ItemCommand>(
        from id in AnAttempt
        from job in PerhapsAJob
        from ready in EitherWay
        from again in EitherWay
        select (ItemCommand)new RequestExport(id, job, 0, "export_jobs", ready, again),
        from id in AnAttempt from job in PerhapsAJob select (ItemCommand)new RequestExport(id, job, 0, "export_jobs", true, true),
        from reference in AReference select (ItemCommand)new ReportExported(reference),
        from type in AWord from reason in AWord select (ItemCommand)new ReportFailed(type, reason),
        from note in AWord select (ItemCommand)new MarkExported(note),
        from job in AJob
        from status in Gen.Elements(Enum.GetValues<AttemptStatus>())
        from reference in AReference
        from type in AWord
        from reason in AWord
        select (ItemCommand)new UpdateAttempt(job, status, reference, type, reason),
        from id in AnAttempt
        from success in EitherWay
        from reference in AReference
        from reason in AWord
        select (ItemCommand)new FinishAttempt(id, success, reference, reason),
        from id in AnAttempt select (ItemCommand)new CancelAttempt(id),
        from job in AJob select (ItemCommand)new AbandonAttempt(job),
        from reason in AWord select (ItemCommand)new Reopen(reason));

    private static readonly Gen<int> AGap = Gen.Choose(1, 3);

    /// <summary>Any events, strictly later one than the other: the fold is total, so also histories no decider would make.</summary>
    public static Arbitrary<(ItemEvent Event, int Gap)[]> OfEvents { get; } = Always.ListsOf(from @event in AnEvent from gap in AGap select (@event, gap));

    public static Arbitrary<(ItemCommand Command, int Gap)[]> OfCommands { get; } = Always.ListsOf(from command in ACommand from gap in AGap select (command, gap));

    public static Gen<ItemCommand> OneCommand => ACommand;

    public static (ItemEvent Event, DateTimeOffset At)[] Recorded((ItemEvent Event, int Gap)[] steps)
    {
        var minute = 0;
        return [.. steps.Select(step => (step.Event, Clock.At(minute += step.Gap)))];
    }

    /// <summary>What the decider appends, command by command, each on the state that the events before it make.</summary>
    public static (ItemEvent Event, DateTimeOffset At)[] Decided((ItemCommand Command, int Gap)[] steps)
    {
        var (state, minute, history) = (ItemState.Untouched, 0, new List<(ItemEvent, DateTimeOffset)>());
        foreach (var (command, gap) in steps)
        {
            minute += gap;
            if (ItemDecider.Decide(command, state) is not Decision<ItemEvent>.Append append) continue;
            foreach (var @event in append.Events)
            {
                state = ItemEvolution.Evolve(state, @event, Clock.At(minute));
                history.Add((@event, Clock.At(minute)));
            }
        }
        return [.. history];
    }
}
