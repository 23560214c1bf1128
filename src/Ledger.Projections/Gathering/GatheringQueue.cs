namespace Ledger.Projections.Gathering;

/// <summary>
/// Work that may share a round trip. What comes while groups are under way is gathered for the next one; when none is, work begins at
/// once, so nothing is ever delayed for the sake of company.
/// </summary>
/// <param name="maxWaiting">Bound of what waits to be begun; what comes then is refused.</param>
/// <param name="groupsAtOnce">How many groups may be under way.</param>
/// <param name="patience">How long work may wait to be begun; then it is refused instead. Begun work ends by the timeouts of its statements.</param>
internal abstract class GatheringQueue<TWork, TResult, TGroup>(int maxWaiting, int groupsAtOnce, TimeSpan patience) where TWork : Waiting<TResult> where TGroup : class
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TWork> _waiting = [];
    private int _underWay;

    /// <exception cref="CrowdedException">It was not begun.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up. What had begun goes on for the others in its group: its outcome is unknown.</exception>
    public async Task<TResult> RunAsync(TWork work, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_waiting.Count >= maxWaiting) throw new CrowdedException();
            _waiting.AddLast(work);
        }
        StartGroups();
        // Awaited as it is, not through WaitAsync: whoever brings a scheduler of his own is answered on it and nowhere else.
        using var givingUp = cancellationToken.CanBeCanceled ? cancellationToken.UnsafeRegister((_, token) => GiveUp(work, token), null) : default;
        using var patienceEnds = IsWaiting(work) ? new Timer(_ => LosePatience(work), null, patience, Timeout.InfiniteTimeSpan) : null;
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

    private bool IsWaiting(TWork work)
    {
        lock (_lock) return _waiting.Last?.Value == work || _waiting.Contains(work);
    }

    private void GiveUp(TWork work, CancellationToken token)
    {
        lock (_lock) _waiting.Remove(work);
        work.TrySetCanceled(token);
    }

    private void LosePatience(TWork work)
    {
        bool withdrawn;
        lock (_lock) withdrawn = _waiting.Remove(work);
        if (withdrawn) work.TrySetException(new CrowdedException());
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
            if (_underWay == groupsAtOnce || _waiting.Count == 0 || Take(_waiting) is not { } group) return null;
            _underWay++;
            return group;
        }
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
