using Ledger.EventStore.Sealing;

namespace Ledger.Api.Hosting;

/// <summary>Keeps the sealing loop running; PostgreSQL elects one leader among all processes.</summary>
internal sealed class SealingService(SealingLoop loop) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.RunAsync(stoppingToken);
}

internal sealed partial class SealingLog(ILogger<SealingLog> logger)
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Sealing stopped and will be tried again")]
    public partial void Failed(Exception error);
}
