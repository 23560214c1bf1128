using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsvHelper;
using Ledger.Cli.Terminal;

namespace Ledger.Cli.Import;

/// <summary>
/// A CSV file (RFC 4180, UTF-8) whose header row names members of a record. One row, one record; an empty cell leaves the member out.
/// </summary>
/// <param name="separator">Null: found from the first lines among comma, semicolon, tab and bar.</param>
internal sealed class CsvSource(string path, char? separator) : IRecordSource
{
    private const int LargestRow = 1024 * 1024;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly JsonWriterOptions ReadableText = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public IEnumerable<ReadOnlyMemory<byte>> Records()
    {
        using var csv = CsvReader.Create(SourceFile.Open(path), new CsvReaderOptions
        {
            Separator = separator,
            MalformedData = CsvMalformedDataHandling.Throw,
            FieldCountMismatch = CsvFieldCountHandling.Throw,
            MaxRecordSize = LargestRow,
            TrackLineNumbers = true,
        });
        var columns = Guard(() =>
        {
            csv.ReadHeader();
            return CsvColumns.Of([.. csv.Headers]);
        });
        while (Guard(csv.Read))
        {
            var buffer = new ArrayBufferWriter<byte>(512);
            using (var json = new Utf8JsonWriter(buffer, ReadableText))
            {
                Guard(() =>
                {
                    columns.Write(json, Cells(csv), csv.LineNumber);
                    return true;
                });
            }

            yield return buffer.WrittenMemory;
        }
    }

    private static string[] Cells(CsvReader csv)
    {
        var cells = new string[csv.FieldCount];
        for (var index = 0; index < cells.Length; index++) cells[index] = StrictUtf8.GetString(csv.GetSpan(index));
        return cells;
    }

    private T Guard<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (DecoderFallbackException)
        {
            throw CommandFailure.BadInput($"{Printable.Line(path)} is not UTF-8 text.");
        }
        catch (CommandFailure failure)
        {
            throw CommandFailure.BadInput($"{Printable.Line(path)}: {failure.Message}.", failure);
        }
        catch (CsvFormatException malformed)
        {
            throw CommandFailure.BadInput($"{Printable.Line(path)} is not readable as CSV: {Printable.Line(malformed.Message)}", malformed);
        }
    }
}
