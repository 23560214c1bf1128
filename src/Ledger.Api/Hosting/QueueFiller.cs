using Ledger.Projections.Systems;
using Npgsql;

namespace Ledger.Api.Hosting;

/// <summary>Fills the queues of systems seen for the first time, when one chunk was not enough; also those a stopped process left behind.</summary>
internal sealed partial class QueueFiller(SystemRegistry systems, ILogger<QueueFiller> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var wake = new SemaphoreSlim(0);
        systems.FillingNeeded += () => wake.Release();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await systems.FillAsync(stoppingToken);
            }
            catch (NpgsqlException error)
            {
                LogFailed(error);
            }
            await wake.WaitAsync(Interval, stoppingToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Filling a new system's queue stopped and will be tried again")]
    private partial void LogFailed(Exception error);
}
