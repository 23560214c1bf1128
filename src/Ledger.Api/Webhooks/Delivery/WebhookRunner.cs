using Ledger.EventStore.Leading;
using Ledger.Projections.Webhooks;
using Npgsql;

namespace Ledger.Api.Webhooks.Delivery;

/// <summary>Announces and sends in the one process that PostgreSQL elects (<see cref="LeaderLoop"/>).</summary>
internal sealed partial class WebhookRunner(NpgsqlDataSource dataSource, WebhookOutbox outbox, Announcer announcer, DeliveryLoop deliveries, ILogger<WebhookRunner> logger) : BackgroundService
{
    private const long LeaderLock = 0x6C65_6467_6572_0003;

    /// <summary>The sealer notifies. Should a notification be lost, this is how late its events are announced.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>Gathers what is sealed in quick succession: under load the sealer notifies twenty times a second.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(50);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => new LeaderLoop(dataSource, LeaderLock, LogStopped).RunAsync(outbox.LeadAsync, LeadAsync, stoppingToken);

    private async Task LeadAsync(long epoch, NpgsqlConnection office, CancellationToken cancellationToken)
    {
        using var term = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] work = [AnnounceAsync(office, epoch, term.Token), deliveries.RunAsync(term.Token)];
        var first = await Task.WhenAny(work);
        await term.CancelAsync();
        await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private async Task AnnounceAsync(NpgsqlConnection office, long epoch, CancellationToken cancellationToken)
    {
        await using (var listen = new NpgsqlCommand("listen ledger_sealed", office)) await listen.ExecuteNonQueryAsync(cancellationToken);
        while (true)
        {
            while (await announcer.AdvanceAsync(epoch, cancellationToken) is { } called)
            {
                if (called > 0) deliveries.Wake();
            }
            await office.WaitAsync(PollInterval, cancellationToken);
            await Task.Delay(Gathering, cancellationToken);
            // A wait takes in one notification, a command all that have come: under load they would otherwise pile up before this session.
            await using var drain = new NpgsqlCommand("select", office);
            await drain.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Announcing webhooks stopped and will be tried again")]
    private partial void LogStopped(Exception error);
}
