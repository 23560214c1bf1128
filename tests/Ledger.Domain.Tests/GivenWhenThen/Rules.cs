namespace Ledger.Domain.Tests.GivenWhenThen;

/// <summary>The rules of one stream type: where every stream starts, what is decided, what a past event meant.</summary>
public sealed record Rules<TCommand, TState, TEvent>(
    TState Initial, Func<TCommand, TState, Decision<TEvent>> Decide, Func<TState, TEvent, DateTimeOffset, TState> Evolve)
    where TCommand : class
    where TState : class
    where TEvent : class
{
    /// <summary>A past of one event a minute, the first at <see cref="Clock.At"/>(1).</summary>
    public Situation<TCommand, TState, TEvent> Given(params IEnumerable<TEvent> past)
    {
        var events = past.ToArray();
        return new(this, Fold(events.Select((@event, index) => (@event, Clock.At(index + 1)))), events.Length);
    }

    public TState Fold(IEnumerable<(TEvent Event, DateTimeOffset RecordedAt)> history) =>
        history.Aggregate(Initial, (state, recorded) => Evolve(state, recorded.Event, recorded.RecordedAt));
}

/// <summary>Times of the tests: whole minutes of one morning.</summary>
public static class Clock
{
    public static DateTimeOffset At(int minute) => new DateTimeOffset(2026, 5, 4, 8, 0, 0, TimeSpan.Zero).AddMinutes(minute);
}
