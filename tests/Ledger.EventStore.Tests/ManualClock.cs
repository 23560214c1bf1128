namespace Ledger.EventStore.Tests;

/// <summary>A clock that is set, forwards or backwards, and stands still in between.</summary>
internal sealed class ManualClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
