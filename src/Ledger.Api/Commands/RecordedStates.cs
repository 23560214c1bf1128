using Ledger.Domain.Items;
using Ledger.EventStore;

namespace Ledger.Api.Commands;

/// <summary>Fills in the recorded time once it is known.</summary>
internal static class RecordedStates
{
    public static ItemState RecordedAt(this ItemState state, DateTimeOffset at) => state with
    {
        ExportedSince = At(state.ExportedSince, at),
        LastExportedAt = At(state.LastExportedAt, at),
        ChangedAt = At(state.ChangedAt, at)!.Value,
        Failure = state.Failure is { } failure ? failure with { At = At(failure.At, at)!.Value } : null,
        Attempt = state.Attempt is { } attempt ? attempt.RecordedAt(at) : null,
    };

    public static Attempt RecordedAt(this Attempt attempt, DateTimeOffset at) => attempt with
    {
        OpenedAt = At(attempt.OpenedAt, at)!.Value,
        ChangedAt = At(attempt.ChangedAt, at)!.Value,
        Failure = attempt.Failure is { } failure ? failure with { At = At(failure.At, at)!.Value } : null,
    };

    private static DateTimeOffset? At(DateTimeOffset? value, DateTimeOffset at) => value == RecordedTime.AtCommit ? at : value;
}
