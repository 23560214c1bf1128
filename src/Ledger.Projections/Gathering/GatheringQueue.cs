using System.Diagnostics.CodeAnalysis;

namespace Ledger.Projections.Gathering;

/// <summary>How work is gathered.</summary>
/// <param name="MaxWaiting">Bound of what waits to be begun; what comes then is refused.</param>
/// <param name="GroupsAtOnce">How many groups may be under way.</param>
/// <param name="Worthwhile">How much must wait before a group begins beside another one: what a group costs by itself is shared by all of its members.</param>
/// <param name="Linger">How long work waits for that company; then a group begins with what there is, so that one which is held up does not hold up the others.</param>
/// <param name="Patience">How long work may wait to be begun; then it is refused instead. Begun work ends by the timeouts of its statements.</param>
internal sealed record GatheringRules(int MaxWaiting, int GroupsAtOnce, int Worthwhile, TimeSpan Linger, TimeSpan Patience);

/// <summary>
/// Work that may share a round trip. What comes while a group is under way is gathered for the next one; when none is, work begins at
/// once, so nothing is ever delayed for the sake of company on an idle machine.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "There is one per tenant for as long as the process lives; a timer that is not due holds nothing.")]
internal abstract class GatheringQueue<TWork, TResult, TGroup> where TWork : Waiting<TResult> where TGroup : class
{
    private readonly GatheringRules _rules;
    private readonly Lock _lock = new();
    private readonly LinkedList<TWork> _waiting = [];
    private readonly Timer _clock;
    private bool _clockRuns;
    private int _underWay;

    protected GatheringQueue(GatheringRules rules)
    {
        _rules = rules;
        // Whoever comes first must not be kept alive by a clock that serves all who come later.
        var context = ExecutionContext.IsFlowSuppressed() ? null : (AsyncFlowControl?)ExecutionContext.SuppressFlow();
        _clock = new(_ => TimePasses());
        context?.Undo();
    }

    /// <exception cref="CrowdedException">It was not begun.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up. What had begun goes on for the others in its group: its outcome is unknown.</exception>
    public async Task<TResult> RunAsync(TWork work, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_waiting.Count >= _rules.MaxWaiting) throw new CrowdedException();
            _waiting.AddLast(work);
        }
        StartGroups();
        // Awaited as it is, not through WaitAsync: whoever brings a scheduler of his own is answered on it and nowhere else.
        using var givingUp = cancellationToken.CanBeCanceled ? cancellationToken.UnsafeRegister((_, token) => GiveUp(work, token), null) : default;
        return await work.Task;
    }

    /// <summary>Takes the next group out of what waits, first come first served; null when nothing can begin now. Called under the lock.</summary>
    protected abstract TGroup? Take(LinkedList<TWork> waiting);

    /// <summary>Carries a group out and answers its members. Must not throw.</summary>
    /// <returns>The members without an answer: they are put back before all others.</returns>
    protected abstract Task<IReadOnlyList<TWork>> CarryOutAsync(TGroup group);

    /// <summary>Called under the lock when a group is done, before anything else begins.</summary>
    protected virtual void Done(TGroup group, LinkedList<TWork> waiting)
    {
    }

    protected abstract ExecutionContext? ContextOf(TGroup group);

    private void GiveUp(TWork work, CancellationToken token)
    {
        lock (_lock) _waiting.Remove(work);
        work.TrySetCanceled(token);
    }

    private void StartGroups()
    {
        while (Next() is { } group)
        {
            if (ContextOf(group) is { } context) ExecutionContext.Run(context, _ => Start(group), null);
            else Start(group);
        }
    }

    private TGroup? Next()
    {
        lock (_lock)
        {
            if (MayBegin() && Take(_waiting) is { } group)
            {
                _underWay++;
                return group;
            }
            if (_waiting.Count > 0 && !_clockRuns) _clockRuns = _clock.Change(_rules.Linger, Timeout.InfiniteTimeSpan);
            return null;
        }
    }

    private bool MayBegin() => _waiting.Count > 0 && _underWay < _rules.GroupsAtOnce
        && (_underWay == 0 || _waiting.Count >= _rules.Worthwhile || _waiting.First!.Value.Waited >= _rules.Linger);

    // One clock for all who wait: it runs only while somebody does.
    private void TimePasses()
    {
        var impatient = new List<TWork>();
        lock (_lock)
        {
            _clockRuns = false;
            while (_waiting.First is { } first && first.Value.Waited >= _rules.Patience)
            {
                impatient.Add(first.Value);
                _waiting.RemoveFirst();
            }
        }
        foreach (var work in impatient) work.TrySetException(new CrowdedException());
        StartGroups();
    }

    private void Start(TGroup group) => _ = RunGroupAsync(group);

    private async Task RunGroupAsync(TGroup group)
    {
        var unanswered = await CarryOutAsync(group);
        lock (_lock)
        {
            _underWay--;
            for (var index = unanswered.Count - 1; index >= 0; index--) _waiting.AddFirst(unanswered[index]);
            Done(group, _waiting);
        }
        StartGroups();
    }
}
