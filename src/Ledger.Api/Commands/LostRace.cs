namespace Ledger.Api.Commands;

/// <summary>How long a command that lost a race waits before it loads and decides again: up to 2, 4, 8 … 64 ms, at random, so that the same two do not meet again.</summary>
public class LostRace
{
    private const int LongestPower = 6;

    public virtual Task PauseAsync(int attempt, CancellationToken cancellationToken) => Task.Delay(Random.Shared.Next(1 << Math.Min(attempt, LongestPower)), cancellationToken);
}
