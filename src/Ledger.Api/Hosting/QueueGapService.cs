using Ledger.Projections.Items;
using Npgsql;

namespace Ledger.Api.Hosting;

/// <summary>Keeps pages of the queues from reading what was exported a moment ago.</summary>
internal sealed partial class QueueGapService(QueueGaps gaps, ILogger<QueueGapService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(QueueGaps.Interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await gaps.RefreshAsync(stoppingToken);
            }
            catch (NpgsqlException error)
            {
                LogFailed(error);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Looking for gaps in the queues stopped and will be tried again")]
    private partial void LogFailed(Exception error);
}
