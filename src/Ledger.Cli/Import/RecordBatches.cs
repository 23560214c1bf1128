using System.Buffers;

namespace Ledger.Cli.Import;

internal readonly record struct RecordBatch(ReadOnlyMemory<byte> Body, int Count);

internal static class RecordBatches
{
    /// <summary>Records per request. Small enough that a repeated request costs little, large enough that the round trip does not.</summary>
    public const int MostRecords = 500;

    /// <summary>A request closes once it has reached this size; one larger record still travels, alone or as the last of its batch.</summary>
    public const int EnoughBytes = 2 * 1024 * 1024;

    /// <summary>Joins records to NDJSON bodies, reading only as far ahead as one body.</summary>
    public static IEnumerable<RecordBatch> Of(IEnumerable<ReadOnlyMemory<byte>> records)
    {
        var body = new ArrayBufferWriter<byte>();
        var count = 0;
        foreach (var record in records)
        {
            body.Write(record.Span);
            body.Write("\n"u8);
            count++;
            if (count < MostRecords && body.WrittenCount < EnoughBytes) continue;
            yield return new RecordBatch(body.WrittenMemory, count);
            body.ResetWrittenCount();
            count = 0;
        }

        if (count > 0) yield return new RecordBatch(body.WrittenMemory, count);
    }
}
