using Npgsql;

namespace Ledger.Api.Native.History;

/// <summary>Tells open event streams that something was sealed: one listening connection per process, and only while somebody listens.</summary>
/// <remarks>A notification lost with a connection costs a delay, never an event: streams read by position, and a new connection signals once.</remarks>
internal sealed partial class SealedSignal(NpgsqlDataSource dataSource, ILogger<SealedSignal> logger) : BackgroundService
{
    private static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _wanted = new(0);
    private TaskCompletionSource _next = NewSource();
    private int _listeners;

    /// <summary>Completes when something is sealed after this moment.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Wants signals until disposed.</summary>
    public IDisposable Listen()
    {
        if (Interlocked.Increment(ref _listeners) == 1) _wanted.Release();
        return new Listener(this);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await _wanted.WaitAsync(stoppingToken);
            while (Volatile.Read(ref _listeners) > 0)
            {
                try
                {
                    await ListenAsync(stoppingToken);
                }
                catch (Exception error) when (error is NpgsqlException or IOException && !stoppingToken.IsCancellationRequested)
                {
                    LogLost(error);
                    await Task.Delay(Reconnect, stoppingToken);
                }
            }
        }
    }

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(stoppingToken);
        connection.Notification += OnSealed;
        await using (var listen = new NpgsqlCommand("listen ledger_sealed", connection)) await listen.ExecuteNonQueryAsync(stoppingToken);
        try
        {
            Signal();
            // Looks up now and then whether anybody still listens.
            while (Volatile.Read(ref _listeners) > 0) await connection.WaitAsync(TimeSpan.FromSeconds(10), stoppingToken);
        }
        finally
        {
            connection.Notification -= OnSealed;
            // The pool keeps the session, and with it the subscription.
            if (connection.State == System.Data.ConnectionState.Open)
            {
                await using var unlisten = new NpgsqlCommand("unlisten *", connection);
                await unlisten.ExecuteNonQueryAsync(CancellationToken.None);
            }
        }
    }

    private void OnSealed(object sender, NpgsqlNotificationEventArgs notification) => Signal();

    internal void Signal() => Interlocked.Exchange(ref _next, NewSource()).TrySetResult();

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override void Dispose()
    {
        _wanted.Dispose();
        base.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Listening for sealed events stopped and will be tried again")]
    private partial void LogLost(Exception error);

    private sealed class Listener(SealedSignal signal) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0) Interlocked.Decrement(ref signal._listeners);
        }
    }
}
