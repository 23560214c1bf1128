using System.Buffers.Text;
using System.Text.Json;
using Ledger.Proof.Tree;

namespace Ledger.Proof.Bundles;

/// <summary>What is there of an events file, be it the whole or the beginning of it.</summary>
/// <param name="Events">Whole events.</param>
/// <param name="LastPosition">Of the last whole event; 0: there is none.</param>
/// <param name="WholeBytes">Length up to the end of the last whole event, or of the column names.</param>
/// <param name="Bytes">Length of everything.</param>
/// <param name="Sha256">Of everything.</param>
public sealed record EventFile(long Events, long LastPosition, long WholeBytes, long Bytes, Digest Sha256)
{
    /// <summary>Reads a file from the start to where it ends or stops making sense; verifies nothing.</summary>
    public static EventFile Scan(Stream stream, bool isCsv)
    {
        using var file = new HashedFile(stream, null);
        var (events, last, whole) = isCsv ? ScanRows(file) : ScanLines(file);
        file.ReadToEnd();
        return new(events, last, whole, file.Length, file.Hash());
    }

    private static (long Events, long Last, long Whole) ScanLines(HashedFile file)
    {
        var lines = new LineReader(file);
        var (events, last, whole) = (0L, 0L, 0L);
        while (lines.Read() && !lines.IsCut && PositionOf(lines.Line.Span) is { } position) (events, last, whole) = (events + 1, position, whole + lines.Line.Length + 1);
        return (events, last, whole);
    }

    private static (long Events, long Last, long Whole) ScanRows(HashedFile file)
    {
        var rows = new CsvRows(file);
        var (events, last, whole) = (0L, 0L, 0L);
        try
        {
            if (!rows.Read()) return default;
            whole = rows.Consumed;
            while (rows.Read() && rows.CellCount == EventCsv.Columns.Count && Utf8Parser.TryParse(rows.Cell(0).Span, out long position, out _)) (events, last, whole) = (events + 1, position, rows.Consumed);
        }
        catch (FormatException)
        {
            // Cut in the middle of a row: the rows before it are what there is.
        }
        return (events, last, whole);
    }

    private static long? PositionOf(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            while (reader.Read())
            {
                if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("position"u8)) continue;
                reader.Read();
                return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var position) ? position : null;
            }
        }
        catch (JsonException)
        {
            return null;
        }
        return null;
    }
}
