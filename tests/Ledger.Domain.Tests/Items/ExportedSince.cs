using Ledger.Domain.Items;
using static Ledger.Domain.Items.ItemEvent;

namespace Ledger.Domain.Tests.Items;

/// <summary>The rule "not exported since", and two more ways to say it that share no code with the fold.</summary>
internal static class ExportedSince
{
    /// <summary>The rule as queries use it.</summary>
    public static bool Lacks(ItemState state, DateTimeOffset? since) => state.ExportedSince is not { } from || (since is { } limit && from > limit);

    /// <summary>Recorded time of the first mark after the most recent un-mark.</summary>
    public static DateTimeOffset? ByDefinition(IReadOnlyList<(ItemEvent Event, DateTimeOffset At)> history)
    {
        var unmarked = history.Select((recorded, index) => recorded.Event is ExportReopened ? index : -1).DefaultIfEmpty(-1).Max();
        return history.Skip(unmarked + 1).Where(recorded => IsMark(recorded.Event)).Select(recorded => (DateTimeOffset?)recorded.At).FirstOrDefault();
    }

    /// <summary>Whether the item was in the state "not exported" at some instant of the window from <paramref name="since"/> to now.</summary>
    public static bool LackedWithin(IReadOnlyList<(ItemEvent Event, DateTimeOffset At)> history, DateTimeOffset since)
    {
        var now = history.Select(recorded => recorded.At).Append(since).Max();
        // The state only changes at events: the start of the window and the events inside it are all the instants there are.
        return history.Select(recorded => recorded.At).Where(at => at >= since && at <= now).Append(since).Any(instant => !WasExportedAt(history, instant));
    }

    public static bool IsMark(ItemEvent @event) => @event is ItemExported or RecordMarkedExported;

    private static bool WasExportedAt(IReadOnlyList<(ItemEvent Event, DateTimeOffset At)> history, DateTimeOffset instant) =>
        history.LastOrDefault(recorded => recorded.At <= instant && (IsMark(recorded.Event) || recorded.Event is ExportReopened)) is { Event: { } last } && IsMark(last);
}
