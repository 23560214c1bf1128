using System.Buffers;
using System.Text.Json;
using Ledger.Api.Errors;
using Microsoft.AspNetCore.Http.Features;

namespace Ledger.Api.Input;

/// <summary>The body of one request: its bytes and the parsed document, or the fault that says why there is none. Dispose it after the answer.</summary>
/// <example><code>
/// using var body = await JsonBody.ReadAsync(context, JsonLimits.Dialect);
/// if (body.Fault is { } fault) return new FaultResult(fault);
/// var faults = new JsonFaults();
/// var members = JsonMembers.Of(body.Root, faults);
/// </code></example>
public sealed class JsonBody : IDisposable
{
    /// <summary>Claimed lengths up to here get their memory at once, longer ones as the bytes arrive: a claim costs the sender nothing.</summary>
    private const int TrustedLength = 128 * 1024;

    private readonly byte[] _buffer;
    private JsonDocument? _document;

    private JsonBody(Fault fault) => (Fault, _buffer) = (fault, []);

    private JsonBody(byte[] buffer, int length, JsonDocument document) =>
        (_buffer, Bytes, _document) = (buffer, buffer.AsMemory(0, length), document);

    public Fault? Fault { get; }

    /// <summary>Exactly what was sent, for hashes and for keeping; valid until <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Any JSON value, valid until <see cref="Dispose"/>. Undefined when there is a <see cref="Fault"/>.</summary>
    public JsonElement Root => _document?.RootElement ?? default;

    public static async ValueTask<JsonBody> ReadAsync(HttpContext context, JsonLimits limits)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(limits);
        var request = context.Request;
        // The server's own limit is lower than ours for native records and counts chunk headers too. Over it, Kestrel would also drop
        // the connection right after our 413 instead of reading past the refused body, and fail the next request on it.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } serverLimit) serverLimit.MaxRequestBodySize = null;
        if (request.ContentLength > limits.MaxBytes) return new JsonBody(TooLarge(limits));
        var hasBody = request.ContentLength > 0
            || (request.ContentLength is null && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != false);
        if (hasBody && JsonMediaType.Refuse(request) is { } refused) return new JsonBody(refused);

        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(request.ContentLength ?? 4096, TrustedLength) + 1);
        var length = 0;
        try
        {
            while (true)
            {
                var read = await request.Body.ReadAsync(buffer.AsMemory(length), context.RequestAborted);
                if (read == 0) break;
                length += read;
                if (length > limits.MaxBytes) return new JsonBody(TooLarge(limits));
                if (length == buffer.Length) buffer = Grown(buffer);
            }
            if (buffer.AsSpan(0, length).Trim(" \t\r\n"u8).IsEmpty) return new JsonBody(Empty);
            if (StrictJson.Parse(buffer.AsMemory(0, length), limits, out var fault) is not { } document) return new JsonBody(Malformed(fault!));
            var body = new JsonBody(buffer, length, document);
            buffer = null;
            return body;
        }
        finally
        {
            if (buffer is not null) ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Dispose()
    {
        // A buffer returned twice would be lent to two requests at once.
        if (Interlocked.Exchange(ref _document, null) is not { } document) return;
        document.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private static Fault Empty { get; } = Fault.BadRequest("empty_body", "A JSON body is needed.");

    private static Fault TooLarge(JsonLimits limits) =>
        new(FaultKind.PayloadTooLarge, "payload_too_large", $"The body may have at most {limits.MaxBytes} bytes.");

    private static Fault Malformed(FaultDetail detail) =>
        Fault.BadRequest("malformed_json", $"The body is not acceptable JSON: {detail.Message}") with { Details = [detail] };

    private static byte[] Grown(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
