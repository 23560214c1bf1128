namespace Ledger.Domain.Tests.GivenWhenThen;

/// <summary>A stream with a past; its latest event was recorded at <see cref="Clock.At"/>(<see cref="Minute"/>).</summary>
public sealed record Situation<TCommand, TState, TEvent>(Rules<TCommand, TState, TEvent> Rules, TState State, int Minute)
    where TCommand : class
    where TState : class
    where TEvent : class
{
    /// <summary>Decides twice over: the rules are pure, so the second answer must be the first one, and the state must not move.</summary>
    public Outcome<TCommand, TState, TEvent> When(TCommand command)
    {
        var before = State.ToString();
        var decision = Rules.Decide(command, State);
        Outcome.Describe(Rules.Decide(command, State)).ShouldBe(Outcome.Describe(decision));
        State.ToString().ShouldBe(before);
        return new(this, decision);
    }

    /// <summary>What is decided next is recorded a minute later.</summary>
    public Situation<TCommand, TState, TEvent> After(params IEnumerable<TEvent> events) =>
        events.Aggregate(this, (now, @event) => now with { State = Rules.Evolve(now.State, @event, Clock.At(now.Minute + 1)), Minute = now.Minute + 1 });
}
