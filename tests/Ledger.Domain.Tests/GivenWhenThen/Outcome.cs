namespace Ledger.Domain.Tests.GivenWhenThen;

/// <summary>What a command led to.</summary>
public sealed record Outcome<TCommand, TState, TEvent>(Situation<TCommand, TState, TEvent> Before, Decision<TEvent> Decision)
    where TCommand : class
    where TState : class
    where TEvent : class
{
    public IReadOnlyList<TEvent> Events => Decision is Decision<TEvent>.Append append ? append.Events : [];

    /// <summary>The situation once the decided events are recorded.</summary>
    public Situation<TCommand, TState, TEvent> After => Before.After(Events);

    /// <summary>Exactly these events, in this order.</summary>
    public Situation<TCommand, TState, TEvent> Then(params TEvent[] expected)
    {
        expected.ShouldNotBeEmpty("nothing to happen is said by ThenNothing or ThenRefused");
        Decision.ShouldBeOfType<Decision<TEvent>.Append>(Outcome.Describe(Decision));
        Events.ShouldBe(expected);
        return After;
    }

    public void ThenNothing() => Decision.ShouldBeOfType<Decision<TEvent>.NothingToDo>(Outcome.Describe(Decision));

    public void ThenRefused(Refusal reason) => Decision.ShouldBe(new Decision<TEvent>.Refuse(reason), Outcome.Describe(Decision));
}

public static class Outcome
{
    /// <summary>The stored names of the events; <c>-</c> when there is nothing to do; <c>!</c> and the reason when refused.</summary>
    public static string Describe<TEvent>(Decision<TEvent> decision) where TEvent : class => decision switch
    {
        Decision<TEvent>.Append append => string.Join(" ", append.Events.Select(EventTypes.NameOf)),
        Decision<TEvent>.Refuse refuse => $"!{refuse.Reason}",
        _ => "-",
    };
}
