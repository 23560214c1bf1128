using Ledger.EventStore.Maintenance;
using Npgsql;

namespace Ledger.Api.Hosting;

/// <summary>Looks once a second whether tables have grown so much that plans made before no longer fit.</summary>
internal sealed partial class StatisticsService(NpgsqlDataSource dataSource, ILogger<StatisticsService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var statistics = new TableStatistics(dataSource);
        using var timer = new PeriodicTimer(TableStatistics.Interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var table in await statistics.RefreshAsync(stoppingToken)) LogRefreshed(table);
            }
            catch (NpgsqlException error)
            {
                LogFailed(error);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Analysed {Table}, which has doubled")]
    private partial void LogRefreshed(string table);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Analysing tables stopped and will be tried again")]
    private partial void LogFailed(Exception error);
}
