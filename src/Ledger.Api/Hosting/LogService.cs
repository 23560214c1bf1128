using Ledger.EventStore.Log;

namespace Ledger.Api.Hosting;

/// <summary>Keeps the builder of the tamper-evident logs running; PostgreSQL elects one leader among all processes.</summary>
internal sealed class LogService(LogLoop loop) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.RunAsync(stoppingToken);
}

internal sealed partial class LogBuildingLog(ILogger<LogBuildingLog> logger)
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Building the log stopped and will be tried again")]
    public partial void Failed(Exception error);

    public void Broken(BrokenHistory broken) => LogBroken(broken.TenantId, broken.Position, broken.Reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The log of tenant {TenantId} cannot go on at position {Position}: {Reason}")]
    private partial void LogBroken(string tenantId, long position, string reason);
}
