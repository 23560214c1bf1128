using static Ledger.Domain.Items.ItemCommand;
using static Ledger.Domain.Items.ItemEvent;

namespace Ledger.Domain.Items;

/// <summary>Rules of an item. Pure: ids and the record's standing arrive inside the command.</summary>
public static class ItemDecider
{
    public static Decision<ItemEvent> Decide(ItemCommand command, ItemState state) => command switch
    {
        RequestExport request => Request(request, state),
        ReportExported report => state.IsExported && state.OpenAttempt is null && report.Reference == state.Reference ? Nothing : Append(Exported(state.OpenAttempt, report.Reference)),
        ReportFailed report => state.OpenAttempt is null && SameFailure(state.Failure, report.Type, report.Reason) && !(report.ReadySince > state.Failure!.At) ? Nothing : Append(new ItemFailed(state.OpenAttempt?.Id, report.Type, report.Reason)),
        MarkExported mark => Append(new RecordMarkedExported(state.OpenAttempt?.Id, mark.Note)),
        UpdateAttempt update => Update(update, state),
        FinishAttempt finish => Finish(finish, state),
        CancelAttempt cancel => Cancel(cancel, state),
        AbandonAttempt abandon => state.OpenAttempt is { } open && open.JobId == abandon.JobId ? Append(new ExportAbandoned(open.Id)) : Nothing,
        Reopen reopen => state.IsExported || state.Failure is not null ? Append(new ExportReopened(reopen.Reason)) : Refuse(Refusal.NothingToReopen),
        _ => throw new InvalidOperationException($"No rule for {command.GetType().Name}."),
    };

    private static Decision<ItemEvent> Request(RequestExport request, ItemState state) => state switch
    {
        { OpenAttempt: not null } => Refuse(Refusal.AttemptOpen),
        _ when !request.RecordIsReady => Refuse(Refusal.RecordNotReady),
        { IsExported: true } when !request.AgainIfExported => Refuse(Refusal.AlreadyExported),
        _ => Append(new ExportRequested(request.AttemptId, request.JobId, request.Ordinal, request.OpenedBy)),
    };

    // A job may correct a failure into a success while it runs (a retry worked); what succeeded stays as it is.
    private static Decision<ItemEvent> Update(UpdateAttempt update, ItemState state)
    {
        if (state.Attempt is not { } attempt || attempt.JobId != update.JobId) return Refuse(Refusal.AttemptUnknown);
        if (Repeats(update, attempt)) return Nothing;
        return (attempt.Status, update.Status) switch
        {
            (AttemptStatus.Pending or AttemptStatus.InProgress, AttemptStatus.Pending or AttemptStatus.InProgress) => Append(new ExportProgressed(attempt.Id, update.Status)),
            (AttemptStatus.Pending or AttemptStatus.InProgress, AttemptStatus.Abandoned) => Append(new ExportAbandoned(attempt.Id)),
            (AttemptStatus.Pending or AttemptStatus.InProgress or AttemptStatus.Failed, AttemptStatus.Successful) => Append(Exported(attempt, update.Reference)),
            (AttemptStatus.Pending or AttemptStatus.InProgress or AttemptStatus.Failed, AttemptStatus.Failed) => Append(new ItemFailed(attempt.Id, update.FailureType, update.FailureReason)),
            _ => Refuse(Refusal.AttemptFinal),
        };
    }

    private static bool Repeats(UpdateAttempt update, Attempt attempt) => update.Status == attempt.Status && update.Status switch
    {
        AttemptStatus.Successful => SameExport(attempt.Reference, update.Reference),
        AttemptStatus.Failed => SameFailure(attempt.Failure, update.FailureType, update.FailureReason),
        _ => true,
    };

    private static Decision<ItemEvent> Finish(FinishAttempt finish, ItemState state)
    {
        if (state.Attempt is not { } attempt || attempt.Id != finish.AttemptId) return Refuse(Refusal.AttemptUnknown);
        if (attempt.IsOpen) return Append(finish.Success ? Exported(attempt, finish.Reference) : new ItemFailed(attempt.Id, null, finish.FailureReason));
        var repeated = finish.Success
            ? attempt.Status == AttemptStatus.Successful && SameExport(attempt.Reference, finish.Reference)
            : attempt.Status == AttemptStatus.Failed && attempt.Failure?.Reason == finish.FailureReason;
        return repeated ? Nothing : Refuse(Refusal.AttemptFinal);
    }

    private static Decision<ItemEvent> Cancel(CancelAttempt cancel, ItemState state) => state.Attempt switch
    {
        { } attempt when attempt.Id != cancel.AttemptId => Refuse(Refusal.AttemptUnknown),
        { IsOpen: true } => Append(new ExportCancelled(cancel.AttemptId)),
        { Status: AttemptStatus.Cancelled } => Nothing,
        null => Refuse(Refusal.AttemptUnknown),
        _ => Refuse(Refusal.AttemptFinal),
    };

    // A repeat may leave out what the first report said; what it does say must agree.
    private static bool SameExport(ExportReference? known, ExportReference said) =>
        (said.ExternalId is null || said.ExternalId == known?.ExternalId)
        && (said.ExternalUrl is null || said.ExternalUrl == known?.ExternalUrl)
        && (said.ReportedAt is null || known?.ReportedAt is null || said.ReportedAt == known.ReportedAt);

    private static bool SameFailure(ExportFailure? known, string? type, string? reason) => known is not null && known.Type == type && known.Reason == reason;

    private static ItemExported Exported(Attempt? attempt, ExportReference reference) =>
        new(attempt?.Id, reference.ExternalId, reference.ExternalUrl, reference.ReportedAt, reference.Note);

    private static Decision<ItemEvent> Append(ItemEvent @event) => new Decision<ItemEvent>.Append(@event);
    private static Decision<ItemEvent> Refuse(Refusal reason) => new Decision<ItemEvent>.Refuse(reason);
    private static Decision<ItemEvent> Nothing { get; } = new Decision<ItemEvent>.NothingToDo();
}
