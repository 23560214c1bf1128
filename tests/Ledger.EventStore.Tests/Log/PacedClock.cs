namespace Ledger.EventStore.Tests.Log;

/// <summary>Stands still, and so does whoever waits on it, until the test lets it go on.</summary>
internal sealed class PacedClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Wait> _waits = [];
    private long _now;

    /// <summary>How long the waiting ones have to wait yet.</summary>
    public IReadOnlyList<TimeSpan> Waiting
    {
        get
        {
            lock (_lock) return [.. _waits.Select(wait => TimeSpan.FromTicks(wait.Due - _now))];
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (_lock) return _now;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            var wait = new Wait(this, callback, state, _now + dueTime.Ticks);
            if (dueTime != Timeout.InfiniteTimeSpan) _waits.Add(wait);
            return wait;
        }
    }

    public void Advance(TimeSpan by)
    {
        List<Wait> due;
        lock (_lock)
        {
            _now += by.Ticks;
            due = [.. _waits.Where(wait => wait.Due <= _now)];
            _waits.RemoveAll(due.Contains);
        }
        foreach (var wait in due) wait.Call();
    }

    private void Forget(Wait wait)
    {
        lock (_lock) _waits.Remove(wait);
    }

    private sealed class Wait(PacedClock clock, TimerCallback callback, object? state, long due) : ITimer
    {
        public long Due => due;

        public void Call() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period) => false;

        public void Dispose() => clock.Forget(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
