using System.Buffers;

namespace Ledger.Proof.Bundles;

/// <summary>Cells that no spreadsheet takes for a formula, and that can be read back to the byte.</summary>
/// <remarks>
/// Null is the empty cell. A text that is empty or begins with one of <c>= + - @ ' tab CR</c> gets one <c>'</c> in front, which a reader
/// takes off again: so the empty text is a lone <c>'</c>.
/// </remarks>
public static class EventCsv
{
    /// <summary>The first row.</summary>
    public static IReadOnlyList<string> Columns { get; } =
        ["position", "recorded_at", "type", "stream_id", "version", "event_id", "tenant_id", "correlation_id", "causation_id", "headers", "body_hash", "salt", "data", "leaf_hash"];

    private static readonly SearchValues<byte> Quoted = SearchValues.Create(",\"\r\n"u8);

    /// <summary>Writes a text that is not null.</summary>
    public static void WriteCell(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        var guard = text.IsEmpty || text[0] is (byte)'=' or (byte)'+' or (byte)'-' or (byte)'@' or (byte)'\'' or (byte)'\t' or (byte)'\r';
        if (!text.ContainsAny(Quoted))
        {
            if (guard) output.Write("'"u8);
            output.Write(text);
            return;
        }
        output.Write("\""u8);
        if (guard) output.Write("'"u8);
        while (text.IndexOf((byte)'"') is >= 0 and var at)
        {
            output.Write(text[..(at + 1)]);
            output.Write("\""u8);
            text = text[(at + 1)..];
        }
        output.Write(text);
        output.Write("\""u8);
    }

    /// <summary>The text of a cell that is not null.</summary>
    public static ReadOnlyMemory<byte> Plain(ReadOnlyMemory<byte> cell) => cell.Span is [(byte)'\'', ..] ? cell[1..] : cell;
}
