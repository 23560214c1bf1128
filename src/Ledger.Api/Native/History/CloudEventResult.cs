using System.Buffers;
using Ledger.EventStore;

namespace Ledger.Api.Native.History;

/// <summary>CloudEvents in a response: an array in the batched content mode, or one alone in the structured content mode.</summary>
internal sealed class CloudEventResult(FeedSource source, IReadOnlyList<RecordedEvent> events, bool isBatch) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (!isBatch && events.Count == 0)
        {
            httpContext.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        httpContext.Response.ContentType = isBatch ? "application/cloudevents-batch+json; charset=utf-8" : "application/cloudevents+json; charset=utf-8";
        var writer = httpContext.Response.BodyWriter;
        if (isBatch) writer.Write("["u8);
        for (var index = 0; index < events.Count; index++)
        {
            if (index > 0) writer.Write(","u8);
            source.Write(writer, events[index]);
        }
        if (isBatch) writer.Write("]"u8);
        await writer.FlushAsync(httpContext.RequestAborted);
    }
}
