using static Ledger.Domain.Items.ItemEvent;

namespace Ledger.Domain.Items;

/// <summary>What a past event meant for an item. Total: every history of known events has a state.</summary>
public static class ItemEvolution
{
    public static ItemState Evolve(ItemState state, ItemEvent @event, DateTimeOffset recordedAt)
    {
        var next = @event switch
        {
            ExportRequested requested => state with
            {
                Attempt = new(requested.AttemptId, AttemptStatus.Pending, requested.JobId, requested.Ordinal, requested.OpenedBy, recordedAt, recordedAt, null, null),
                Failure = null,
            },
            ExportProgressed progressed => Move(state, progressed.AttemptId, progressed.Status, recordedAt),
            ItemExported exported => Marked(state, exported.AttemptId, new(exported.ExternalId, exported.ExternalUrl, exported.ReportedAt, exported.Note), recordedAt),
            RecordMarkedExported marked => Marked(state, marked.AttemptId, ExportReference.None with { Note = marked.Note }, recordedAt),
            ItemFailed failed => Failed(state, failed, recordedAt),
            ExportAbandoned abandoned => Move(state, abandoned.AttemptId, AttemptStatus.Abandoned, recordedAt),
            ExportCancelled cancelled => Move(state, cancelled.AttemptId, AttemptStatus.Cancelled, recordedAt),
            ExportReopened => state with { ExportedSince = null, Failure = null },
            _ => throw new InvalidOperationException($"No meaning for {@event.GetType().Name}."),
        };
        return next with { Version = state.Version + 1, ChangedAt = recordedAt };
    }

    // A second mark is kept (timeline, last export) and leaves the start of "exported" alone.
    private static ItemState Marked(ItemState state, AttemptId? attemptId, ExportReference reference, DateTimeOffset recordedAt)
    {
        var next = state with { ExportedSince = state.ExportedSince ?? recordedAt, LastExportedAt = recordedAt, Reference = reference, Failure = null };
        return Names(state, attemptId)
            ? next with { Attempt = state.Attempt! with { Status = AttemptStatus.Successful, ChangedAt = recordedAt, Reference = reference, Failure = null } }
            : next;
    }

    // A failure neither starts nor ends "exported".
    private static ItemState Failed(ItemState state, ItemFailed failed, DateTimeOffset recordedAt)
    {
        var failure = new ExportFailure(failed.FailureType, failed.Reason, recordedAt);
        return Names(state, failed.AttemptId)
            ? state with { Failure = failure, Attempt = state.Attempt! with { Status = AttemptStatus.Failed, ChangedAt = recordedAt, Reference = null, Failure = failure } }
            : state with { Failure = failure };
    }

    private static ItemState Move(ItemState state, AttemptId attemptId, AttemptStatus status, DateTimeOffset recordedAt) =>
        Names(state, attemptId) ? state with { Attempt = state.Attempt! with { Status = status, ChangedAt = recordedAt } } : state;

    private static bool Names(ItemState state, AttemptId? attemptId) => attemptId is { } id && state.Attempt?.Id == id;
}
