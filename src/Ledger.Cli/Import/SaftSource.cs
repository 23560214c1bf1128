using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml;
using Ledger.Cli.Saft;
using Ledger.Cli.Terminal;

namespace Ledger.Cli.Import;

/// <summary>The transactions of a SAF-T Financial file as records, and the totals found on the way.</summary>
internal sealed class SaftSource(string path) : IRecordSource
{
    private static readonly JsonWriterOptions ReadableText = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Of the last complete read.</summary>
    public SaftTotals Totals { get; private set; } = SaftTotals.None;

    public IEnumerable<ReadOnlyMemory<byte>> Records()
    {
        using var reader = new SaftReader(SourceFile.Open(path));
        using var transactions = reader.Transactions().GetEnumerator();
        var totals = new SaftTotals();
        SaftRecordIds? ids = null;
        while (Next(transactions))
        {
            var transaction = transactions.Current;
            ids ??= new SaftRecordIds(reader.Header!);
            totals.Add(transaction);
            yield return Json(reader, ids.For(transaction), transaction);
        }

        totals.Complete(reader.Header!, reader.ControlTotals, ids?.Repetitions ?? 0);
        Totals = totals;
    }

    private ReadOnlyMemory<byte> Json(SaftReader reader, string id, SaftTransaction transaction)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        try
        {
            using var json = new Utf8JsonWriter(buffer, ReadableText);
            new SaftRecord(reader.Header!, reader.Names).Write(json, id, transaction);
        }
        catch (CommandFailure failure)
        {
            throw Damaged(failure);
        }

        return buffer.WrittenMemory;
    }

    private bool Next(IEnumerator<SaftTransaction> transactions)
    {
        try
        {
            return transactions.MoveNext();
        }
        catch (XmlException dtd) when (dtd.Message.Contains("DTD", StringComparison.Ordinal))
        {
            throw CommandFailure.BadInput($"{Printable.Line(path)} declares a DTD, which no SAF-T file has; it is not read.", dtd);
        }
        catch (XmlException broken)
        {
            throw CommandFailure.BadInput($"{Printable.Line(path)} is not complete, well-formed XML: {Printable.Line(broken.Message)}", broken);
        }
        catch (CommandFailure failure)
        {
            throw Damaged(failure);
        }
    }

    private CommandFailure Damaged(CommandFailure failure) =>
        CommandFailure.BadInput($"{Printable.Line(path)} cannot be imported: {failure.Message}.", failure);
}
