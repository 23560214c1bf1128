namespace Ledger.Simulation.Tests;

/// <summary>
/// Time and chance. Whatever is under way waits here as a step; a seeded generator picks which one comes next, so that
/// messages overtake each other, and one seed is one history. Everything runs on one thread.
/// </summary>
internal sealed class World(int seed) : SynchronizationContext
{
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 9, 0, 0, TimeSpan.Zero);

    private readonly Random _random = new(seed);
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<Action> _steps = [];

    public DateTimeOffset Now { get; private set; } = Start;

    public int Steps { get; private set; }

    public bool IsQuiet => _steps.Count == 0;

    public int Next(int bound) => _random.Next(bound);

    public bool Chance(int perThousand) => _random.Next(1_000) < perThousand;

    /// <summary>To be done later, before or after whatever else waits.</summary>
    public void Post(Action step) => _steps.Add(step);

    /// <summary>Continuations that do not run at once come here too, and not to another thread.</summary>
    public override void Post(SendOrPostCallback d, object? state)
    {
        // From another thread only a real timer can call, of a node that was killed long ago: nobody waits for that.
        if (Environment.CurrentManagedThreadId == _thread) Post(() => d(state));
    }

    /// <summary>Goes on after some other steps.</summary>
    public Task PauseAsync()
    {
        var pause = new TaskCompletionSource();
        Post(pause.SetResult);
        return pause.Task;
    }

    public void Leap(TimeSpan time) => Now += time;

    public void Step()
    {
        var index = _random.Next(_steps.Count);
        var step = _steps[index];
        _steps[index] = _steps[^1];
        _steps.RemoveAt(_steps.Count - 1);
        Now += TimeSpan.FromMicroseconds(1 + _random.Next(1_000));
        Steps++;
        step();
    }
}
