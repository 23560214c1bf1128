using Npgsql;

namespace Ledger.Api.Idempotency;

/// <summary>Lets go of answers older than a week, once an hour.</summary>
internal sealed partial class AnswerExpiry(IdempotencyKeys keys, ILogger<AnswerExpiry> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        do
        {
            try
            {
                while (await keys.ForgetAnswersAsync(stoppingToken) > 0) { }
            }
            catch (NpgsqlException error)
            {
                LogFailed(error);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Forgetting old answers stopped and will be tried again")]
    private partial void LogFailed(Exception error);
}
