using System.Buffers;

namespace Ledger.Api.Native.History;

/// <summary>One event per line, from a position to the head the tenant had when asked.</summary>
internal sealed class NdjsonFeedResult(EventStore.EventStore store, string tenantId, long after, long most) : IResult
{
    private const int PageSize = 500;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var cancellationToken = httpContext.RequestAborted;
        var head = await store.HeadAsync(tenantId, cancellationToken);
        var last = head - after > most ? after + most : head;
        httpContext.Response.ContentType = "application/x-ndjson";
        var writer = httpContext.Response.BodyWriter;
        for (var position = after; position < last;)
        {
            var page = await store.ReadFeedAsync(tenantId, position, (int)Math.Min(PageSize, last - position), cancellationToken);
            foreach (var recorded in page)
            {
                writer.Write(EventBody.Bytes(recorded));
                writer.Write("\n"u8);
            }
            position = page[^1].Position!.Value;
            await writer.FlushAsync(cancellationToken);
        }
        await writer.FlushAsync(cancellationToken);
    }
}
