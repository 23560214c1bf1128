using System.Buffers;
using System.Text.Json;

namespace Ledger.Api.Dialects.AccountingRecords;

/// <summary>A 200 whose body is written member by member, so that amounts and facets keep every digit.</summary>
internal sealed class JsonAnswer(Action<Utf8JsonWriter> write) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var body = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(body)) write(json);
        var response = httpContext.Response;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.WrittenCount;
        response.Headers.CacheControl = "no-store";
        await response.Body.WriteAsync(body.WrittenMemory, httpContext.RequestAborted);
    }
}
