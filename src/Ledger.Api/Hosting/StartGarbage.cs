namespace Ledger.Api.Hosting;

/// <summary>
/// Gives back, once, the memory that starting took: configuration, routes and compiled code leave garbage behind that an idle service would keep for ever,
/// because nothing is collected where nothing is allocated.
/// </summary>
internal sealed class StartGarbage(IHostApplicationLifetime lifetime, TimeProvider time) : BackgroundService
{
    /// <summary>Long enough for a first burst of requests, which is served before anything is tidied up.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (lifetime.ApplicationStarted.Register(started.SetResult)) await started.Task.WaitAsync(stoppingToken);
        await Task.Delay(Settled, time, stoppingToken);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
