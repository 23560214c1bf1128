using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Ledger.Api.Native.Records;

/// <param name="Number">From 1, blank lines counted.</param>
/// <param name="Text">Valid until the next line is asked for; empty when the line is too long.</param>
internal readonly record struct NdjsonLine(long Number, ReadOnlyMemory<byte> Text, bool IsTooLong);

/// <summary>Splits a body into lines without ever holding more than one of them. Blank lines are skipped.</summary>
internal static class NdjsonLines
{
    public const int MaxLineBytes = 1 << 20;

    public static bool IsNdjson(HttpRequest request) =>
        Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && (type.MediaType.Equals("application/x-ndjson", StringComparison.OrdinalIgnoreCase) || type.MediaType.Equals("application/ndjson", StringComparison.OrdinalIgnoreCase));

    public static async IAsyncEnumerable<NdjsonLine> ReadAsync(PipeReader body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long number = 0;
        var skipping = false;   // inside a line that is too long and told already
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            var rest = read.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                var line = rest.Slice(0, end);
                rest = rest.Slice(rest.GetPosition(1, end));
                if (!skipping && Line(++number, line) is { } found) yield return found;
                skipping = false;
            }
            if (read.IsCompleted)
            {
                if (!skipping && rest.Length > 0 && Line(++number, rest) is { } last) yield return last;
                body.AdvanceTo(read.Buffer.End);   // the server drains what a handler left, and cannot while a read is open
                yield break;
            }
            if (rest.Length > MaxLineBytes)
            {
                if (!skipping) yield return new(++number, default, true);
                skipping = true;
                rest = rest.Slice(rest.End);
            }
            // Examined to the end: the next read waits for more bytes than there are.
            body.AdvanceTo(rest.Start, read.Buffer.End);
        }
    }

    private static NdjsonLine? Line(long number, ReadOnlySequence<byte> bytes)
    {
        if (bytes.Length > MaxLineBytes) return new(number, default, true);
        var text = bytes.IsSingleSegment ? bytes.First : bytes.ToArray();
        return text.Span.Trim(" \t\r"u8).IsEmpty ? null : new(number, text, false);
    }
}
