using System.Buffers;
using System.Text.Json;
using Ledger.Api.Commands;
using Ledger.Api.Input;
using Microsoft.AspNetCore.Http.Features;

namespace Ledger.Api.Native.Records;

/// <summary>Registers records line by line as they arrive and answers each batch once it is durable: memory holds one batch, whatever the length of the body.</summary>
internal sealed class NdjsonRegistration(RegisterRecords register) : IResult
{
    private const int BatchRecords = 1_000;
    private const long BatchBytes = 4 << 20;

    private static readonly JsonLimits Limits = new() { MaxBytes = NdjsonLines.MaxLineBytes };
    private static readonly ItemProblem TooLong = new("line_too_long", $"A line may have at most {NdjsonLines.MaxLineBytes} bytes.");

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var cancellationToken = httpContext.RequestAborted;
        if (httpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = null;
        var command = CommandContext.Of(httpContext, "native");
        var minimal = httpContext.Request.Headers["Prefer"].Any(preference => preference?.Contains("return=minimal", StringComparison.OrdinalIgnoreCase) is true);
        httpContext.Response.ContentType = "application/x-ndjson";
        var counts = new RecordCounts();
        var (batch, bytes) = (new RecordBatch(), 0L);
        await foreach (var line in NdjsonLines.ReadAsync(httpContext.Request.BodyReader, cancellationToken))
        {
            Add(batch, line);
            bytes += line.Text.Length;
            if (batch.Count < BatchRecords && bytes < BatchBytes) continue;
            await FinishAsync(batch);
            (batch, bytes) = (new RecordBatch(), 0L);
        }
        if (batch.Count > 0) await FinishAsync(batch);
        await WriteAsync(httpContext, new { counts });

        async Task FinishAsync(RecordBatch full)
        {
            foreach (var result in await full.RegisterAsync(register, command, cancellationToken))
            {
                counts.Add(result);
                if (!minimal || result.Problem is not null) await WriteAsync(httpContext, result);
            }
            await httpContext.Response.BodyWriter.FlushAsync(cancellationToken);
        }
    }

    private static void Add(RecordBatch batch, NdjsonLine line)
    {
        if (line.IsTooLong)
        {
            batch.Reject(null, TooLong, line.Number);
            return;
        }
        using var document = StrictJson.Parse(line.Text, Limits, out var fault);
        if (document is null) batch.Reject(null, new("malformed_json", $"The line is not acceptable JSON: {fault!.Message}", [fault]), line.Number);
        else batch.Add(document.RootElement, "", line.Number);
    }

    private static async ValueTask WriteAsync<T>(HttpContext context, T line)
    {
        var writer = context.Response.BodyWriter;
        writer.Write(JsonSerializer.SerializeToUtf8Bytes(line, NativeJson.Options));
        writer.Write("\n"u8);
        if (writer.UnflushedBytes > 64 * 1024) await writer.FlushAsync(context.RequestAborted);
    }
}
