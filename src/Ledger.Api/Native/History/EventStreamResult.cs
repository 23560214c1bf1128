using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Ledger.EventStore;

namespace Ledger.Api.Native.History;

/// <summary>Server-sent events (WHATWG HTML §9.2) that go on as long as the caller listens.</summary>
/// <param name="heartbeat">The longest silence. Proxies close a line that is silent for half a minute or more.</param>
internal sealed class EventStreamResult(FeedSource source, SealedSignal signal, TimeProvider clock, TimeSpan heartbeat) : IResult
{
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private long _sentAt;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var lifetime = httpContext.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, lifetime.ApplicationStopping);
        var cancellationToken = ending.Token;
        httpContext.Response.ContentType = "text/event-stream";
        httpContext.Response.Headers.CacheControl = "no-store";
        httpContext.Response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            await SendAsync(httpContext.Response.BodyWriter, cancellationToken);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The service stops: the stream ends whole, and the caller resumes at another node.
        }
    }

    internal async Task SendAsync(PipeWriter writer, CancellationToken cancellationToken)
    {
        await SendAsync(writer, "retry: 2000\n\n", cancellationToken);
        var (position, left) = (source.Question.After, source.Question.Most);
        using var listening = signal.Listen();
        while (left > 0)
        {
            // Taken before reading: whatever is sealed after the read completes it.
            var woken = signal.Next;
            var head = await source.HeadAsync(cancellationToken);
            while (position < head && left > 0)
            {
                var chunk = await source.ReadAsync(position, head, left, cancellationToken);
                foreach (var recorded in chunk.Events) Write(writer, recorded);
                (position, left) = (chunk.Reached, left - chunk.Events.Count);
                // An id without data moves what the caller resumes with and dispatches nothing: it need not be told again that nothing was for it.
                var passed = left > 0 && position != (chunk.Events.Count > 0 ? chunk.Events[^1].Position : null) ? $"id: {position}\n\n" : "";
                await SendAsync(writer, passed, cancellationToken);
            }
            if (left > 0) await WaitAsync(writer, woken, cancellationToken);
        }
    }

    // Other tenants' events wake us, too, and must not keep the line silent.
    private async Task WaitAsync(PipeWriter writer, Task woken, CancellationToken cancellationToken)
    {
        var patience = heartbeat - clock.GetElapsedTime(_sentAt);
        try
        {
            if (patience > TimeSpan.Zero)
            {
                await woken.WaitAsync(patience, clock, cancellationToken);
                return;
            }
        }
        catch (TimeoutException)
        {
            // Silent for long enough.
        }
        await SendAsync(writer, ": still here\n\n", cancellationToken);
    }

    private void Write(PipeWriter writer, RecordedEvent recorded)
    {
        writer.Write(Encoding.UTF8.GetBytes($"id: {recorded.Position}\nevent: {recorded.Type}\ndata: "));
        source.Write(writer, recorded);
        writer.Write("\n\n"u8);
    }

    private async Task SendAsync(PipeWriter writer, string text, CancellationToken cancellationToken)
    {
        writer.Write(Encoding.UTF8.GetBytes(text));
        await writer.FlushAsync(cancellationToken);
        _sentAt = clock.GetTimestamp();
    }
}
