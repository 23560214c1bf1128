using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Ledger.Api.Errors;

namespace Ledger.Api.Input;

/// <summary>RFC 8259 without its liberties: valid UTF-8, no member twice in one object, no U+0000, no lone surrogate, bounded depth.</summary>
/// <remarks>
/// Two parsers that disagree about a second member of the same name disagree about what was booked; PostgreSQL text cannot hold U+0000;
/// a lone surrogate cannot be written as UTF-8. So all three are refused here, before any rule of a contract looks at the body.
/// </remarks>
public static class StrictJson
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <param name="utf8">Must stay untouched until the document is disposed. A leading byte order mark is skipped, as RFC 8259 §8.1 allows: some clients cannot help sending it.</param>
    /// <param name="fault">The first wrong place, when the result is null.</param>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> utf8, JsonLimits limits, out FaultDetail? fault)
    {
        ArgumentNullException.ThrowIfNull(limits);
        if (utf8.Span.StartsWith(ByteOrderMark)) utf8 = utf8[ByteOrderMark.Length..];
        var bytes = utf8.Span;
        if (!Utf8.IsValid(bytes))
        {
            fault = new FaultDetail("", $"Not valid UTF-8 at byte {FirstInvalid(bytes)}.");
            return null;
        }
        // The walk that can name the place runs only when there is something to name: it costs more than the parse.
        if (JsonEscapes.FirstRefused(bytes) is not null && (fault = JsonInspector.FirstFault(bytes, limits)) is not null) return null;
        try
        {
            fault = null;
            return JsonDocument.Parse(utf8, new JsonDocumentOptions
            {
                AllowDuplicateProperties = false,
                AllowTrailingCommas = limits.AllowTrailingCommas,
                MaxDepth = limits.MaxDepth,
            });
        }
        catch (JsonException exception)
        {
            fault = JsonInspector.FirstFault(bytes, limits) ?? JsonInspector.Syntax("", exception);
            return null;
        }
    }

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out var length) is System.Buffers.OperationStatus.Done) at += length;
        return at;
    }
}
