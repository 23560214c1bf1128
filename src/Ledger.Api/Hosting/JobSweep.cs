using Ledger.Api.Commands;
using Ledger.Domain.Jobs;
using Ledger.Projections.Jobs;
using Npgsql;

namespace Ledger.Api.Hosting;

/// <summary>
/// Ends jobs nobody ends: export jobs that were silent for too long, and batches of accounting exports whose last item has
/// its result. Endpoints ask the same of a job before they answer, so the sweep only decides how late the event is recorded.
/// </summary>
internal sealed partial class JobSweep(NpgsqlDataSource dataSource, MoveJob move, CompleteBatch batches, LedgerOptions options, EventStore.EventStore store, ILogger<JobSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private const int PerPass = 100;

    /// <summary>Of all tenants: a request's own would see none.</summary>
    private readonly JobStates _jobs = new(dataSource);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        do
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception error) when (error is NpgsqlException or ContentionException)
            {
                LogFailed(error);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var (tenantId, job) in await _jobs.DueAsync(TimeSpan.FromSeconds(options.JobExpirySeconds), store.ClockOverride, PerPass, cancellationToken))
        {
            var context = new CommandContext(tenantId, "ledger", "service", Guid.CreateVersion7().ToString());
            if (job.State.Origin == JobOrigin.AccountingExports) await batches.HandleAsync(context, job.Id, cancellationToken);
            else await move.HandleAsync(context, job.Id, new JobCommand.Expire(), cancellationToken, TimeSpan.FromSeconds(options.JobExpirySeconds));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sweeping jobs stopped and will be tried again")]
    private partial void LogFailed(Exception error);
}
