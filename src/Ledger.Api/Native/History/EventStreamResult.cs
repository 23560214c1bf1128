using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Ledger.EventStore;

namespace Ledger.Api.Native.History;

/// <summary>Server-sent events (WHATWG HTML §9.2) that go on as long as the caller listens.</summary>
internal sealed class EventStreamResult(EventStore.EventStore store, SealedSignal signal, string tenantId, long after, long most) : IResult
{
    private const int PageSize = 500;

    /// <summary>Proxies close a line that is silent for half a minute or more.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

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

    private async Task SendAsync(PipeWriter writer, CancellationToken cancellationToken)
    {
        await WriteAsync(writer, "retry: 2000\n\n", cancellationToken);
        var (position, left) = (after, most);
        using var listening = signal.Listen();
        while (left > 0)
        {
            // Taken before reading: whatever is sealed after the read completes it.
            var woken = signal.Next;
            var page = await store.ReadFeedAsync(tenantId, position, (int)Math.Min(PageSize, left), cancellationToken);
            foreach (var recorded in page) Write(writer, recorded);
            if (page.Count > 0)
            {
                position = page[^1].Position!.Value;
                left -= page.Count;
                await writer.FlushAsync(cancellationToken);
                continue;
            }
            try
            {
                await woken.WaitAsync(Heartbeat, cancellationToken);
            }
            catch (TimeoutException)
            {
                await WriteAsync(writer, ": still here\n\n", cancellationToken);
            }
        }
    }

    private static void Write(PipeWriter writer, RecordedEvent recorded)
    {
        writer.Write(Encoding.UTF8.GetBytes($"id: {recorded.Position}\nevent: {recorded.Type}\ndata: "));
        writer.Write(EventBody.Bytes(recorded));   // one line: neither our JSON nor PostgreSQL's has raw line breaks
        writer.Write("\n\n"u8);
    }

    private static async Task WriteAsync(PipeWriter writer, string text, CancellationToken cancellationToken)
    {
        writer.Write(Encoding.UTF8.GetBytes(text));
        await writer.FlushAsync(cancellationToken);
    }
}
