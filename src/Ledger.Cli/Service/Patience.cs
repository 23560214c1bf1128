namespace Ledger.Cli.Service;

/// <summary>How long the tool waits for a service that is down or busy, and how often it asks.</summary>
/// <param name="First">Wait before the second try; doubles with every further one.</param>
/// <param name="Longest">No single wait is longer, whatever <c>Retry-After</c> asks for.</param>
/// <param name="Total">The command ends with an error when a request has not gone through in this time.</param>
internal sealed record Patience(TimeSpan First, TimeSpan Longest, TimeSpan Total)
{
    public static readonly Patience Default = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(2));

    /// <param name="tries">Tries made so far, at least 1.</param>
    /// <param name="asked">What the service asked for in <c>Retry-After</c>.</param>
    public TimeSpan Before(int tries, TimeSpan? asked)
    {
        var backoff = First * Math.Pow(2, Math.Min(tries - 1, 20));
        // Many importers that lost the same service must not come back at the same instant.
        backoff *= 0.75 + (Random.Shared.NextDouble() * 0.5);
        var wait = asked is { } seconds && seconds > backoff ? seconds : backoff;
        return wait < Longest ? wait : Longest;
    }
}
