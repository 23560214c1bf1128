using System.Diagnostics;

namespace Ledger.Api.Hosting.Draining;

/// <summary>What happens between the order to stop and the stop, so that no request is broken off by it.</summary>
/// <remarks>
/// <list type="number">
/// <item>Readiness says no, and every answer ends its connection; new connections are still served, until a load balancer has noticed.</item>
/// <item>Newcomers are ignored. Who is connected already is served, those in the queue of the socket included.</item>
/// <item>The server closes what is left: connections that were silent all this time. Background work ends after that.</item>
/// </list>
/// The web server alone would do only the last, and cut connections whose request it has not read yet. ADR 19.
/// </remarks>
internal sealed partial class Drain(LedgerOptions options, OpenConnections connections, Listeners listeners, ILogger<Drain> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>Nothing is open for this long: no handshake is under way any more either.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a connection from before the second step may take to send its first byte.</summary>
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(1);

    private volatile bool _hasBegun;

    public bool HasBegun => _hasBegun;

    public void Begin() => _hasBegun = true;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        Begin();
        if (!listeners.Any) return;
        var clock = Stopwatch.StartNew();
        var (noticed, end) = (TimeSpan.FromSeconds(Math.Min(options.DrainSeconds, options.StopSeconds)), TimeSpan.FromSeconds(options.StopSeconds));
        await UntilAsync(() => connections.Count == 0 || clock.Elapsed >= noticed, cancellationToken);
        listeners.IgnoreNew();
        var (ignoring, lastOpen, lastRequest) = (clock.Elapsed, clock.Elapsed, clock.Elapsed);
        await UntilAsync(() =>
        {
            if (connections.Count > 0 || listeners.Waiting() > 0) lastOpen = clock.Elapsed;
            if (connections.Requests > 0 || listeners.Waiting() > 0) lastRequest = clock.Elapsed;
            return clock.Elapsed - lastOpen >= Quiet || (clock.Elapsed - ignoring >= Silent && clock.Elapsed - lastRequest >= Quiet) || clock.Elapsed >= end;
        }, cancellationToken);
        if (connections.Requests > 0)
        {
            LogBrokenOff(connections.Requests, options.StopSeconds);
            connections.Abort();
        }
        LogDrained(clock.Elapsed.TotalSeconds);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static async Task UntilAsync(Func<bool> isOver, CancellationToken cancellationToken)
    {
        while (!isOver() && !cancellationToken.IsCancellationRequested) await Task.Delay(Look, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Nothing is under way any more after {Seconds:0.0} s: stopping")]
    private partial void LogDrained(double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Breaking off {Requests} requests that did not end within {Seconds} s")]
    private partial void LogBrokenOff(int requests, int seconds);
}
