using Ledger.Domain.Items;
using Ledger.Domain.Tests.GivenWhenThen;
using static Ledger.Domain.Items.ItemCommand;

namespace Ledger.Domain.Tests.Items;

/// <summary>States of an item that no rule tells apart, as one value.</summary>
internal sealed record ItemKind(string Attempt, bool Exported, bool Failed)
{
    /// <summary>Every command in every variant that a rule tells apart, over two jobs and single exports.</summary>
    public static IReadOnlyList<ItemCommand> Commands { get; } =
    [
        .. from request in new[] { AnItem.RequestedInThisJob, AnItem.RequestedInOtherJob, AnItem.RequestedAlone }
           from ready in new[] { true, false }
           from again in new[] { true, false }
           select new RequestExport(request.AttemptId, request.JobId, request.Ordinal, request.OpenedBy, ready, again),
        .. from job in new[] { AnItem.ThisJob, AnItem.OtherJob }
           from status in Enum.GetValues<AttemptStatus>()
           from reference in new[] { AnItem.Entry1, AnItem.Entry2, ExportReference.None }
           select new UpdateAttempt(job, status, reference, AnItem.Invalid, reference.ExternalId),
        .. from attempt in new[] { AnItem.ThisAttempt, AnItem.OtherAttempt }
           from success in new[] { true, false }
           from reference in new[] { AnItem.Entry1, AnItem.Entry2, ExportReference.None }
           select new FinishAttempt(attempt, success, reference, reference.ExternalId),
        .. ItemDecisionTables.Commands.Values,
        new CancelAttempt(AnItem.OtherAttempt),
        new AbandonAttempt(AnItem.OtherJob),
    ];

    public static ItemKind Of(ItemState state) => new(Standing(state.Attempt), state.IsExported, state.Failure is not null);

    /// <summary>One situation of each kind that any sequence of commands leads to.</summary>
    public static IReadOnlyList<Situation<ItemCommand, ItemState, ItemEvent>> Reachable()
    {
        var start = AnItem.Given();
        var found = new Dictionary<ItemKind, Situation<ItemCommand, ItemState, ItemEvent>> { [Of(start.State)] = start };
        var next = new Queue<Situation<ItemCommand, ItemState, ItemEvent>>([start]);
        while (next.TryDequeue(out var situation))
            foreach (var command in Commands)
                if (situation.When(command).After is var after && found.TryAdd(Of(after.State), after)) next.Enqueue(after);
        return [.. found.Values];
    }

    private static string Standing(Attempt? attempt) => attempt is null ? "none"
        : $"{attempt.Status} {(attempt.JobId == AnItem.ThisJob ? "in this job" : attempt.JobId is null ? "alone" : "in other job")}";
}
