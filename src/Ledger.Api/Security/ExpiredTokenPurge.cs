using Ledger.Clients;

namespace Ledger.Api.Security;

/// <summary>Deletes expired tokens every ten minutes, so that the table stays as small as an hour's sign-ins. Nodes may run it at once.</summary>
internal sealed partial class ExpiredTokenPurge(AccessTokens tokens, TimeProvider clock, ILogger<ExpiredTokenPurge> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(10), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await tokens.PurgeExpiredAsync(stoppingToken) == AccessTokens.PurgeBatch)
                {
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailure(exception);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Expired tokens could not be deleted; the next try is in ten minutes")]
    private partial void LogFailure(Exception exception);
}
