using System.Buffers;
using System.Globalization;

namespace Ledger.Api.Native.History;

/// <summary>One event per line, from a position to the head the tenant had when asked.</summary>
internal sealed class NdjsonFeedResult(FeedSource source, long head) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var cancellationToken = httpContext.RequestAborted;
        httpContext.Response.ContentType = "application/x-ndjson";
        httpContext.Response.Headers[EventFeed.HeadHeader] = head.ToString(CultureInfo.InvariantCulture);
        var writer = httpContext.Response.BodyWriter;
        var (position, left) = (source.Question.After, source.Question.Most);
        while (position < head && left > 0)
        {
            var chunk = await source.ReadAsync(position, head, left, cancellationToken);
            foreach (var recorded in chunk.Events)
            {
                source.Write(writer, recorded);
                writer.Write("\n"u8);
            }
            (position, left) = (chunk.Reached, left - chunk.Events.Count);
            await writer.FlushAsync(cancellationToken);
        }
        await writer.FlushAsync(cancellationToken);
    }
}
