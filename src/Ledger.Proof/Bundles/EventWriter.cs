using System.Buffers;
using System.Globalization;
using System.Text;
using Ledger.Proof.Canonical;
using Ledger.Proof.Events;
using Ledger.Proof.Tree;

namespace Ledger.Proof.Bundles;

/// <summary>What a line shows of an event beside its envelope.</summary>
/// <param name="Salt">16 bytes; null: the body was erased.</param>
/// <param name="Data">The body, any JSON; not looked at when the salt is null.</param>
/// <param name="LeafHash">As the log has it: never made anew from the event, or an edit would hide in it.</param>
public readonly record struct ShownEvent(EventEnvelope Envelope, byte[]? Salt, ReadOnlyMemory<byte> Data, Digest LeafHash);

/// <summary>Writes the lines and rows of <c>events.ndjson</c> and <c>events.csv</c>.</summary>
public static class EventWriter
{
    /// <summary>The envelope's members in canonical order, then salt, data and leaf hash; a line feed at the end.</summary>
    public static void WriteLine(in ShownEvent shown, IBufferWriter<byte> output)
    {
        output.Write(shown.Envelope.ToBytes().AsSpan()[..^1]);
        output.Write(",\"salt\":"u8);
        if (shown.Salt is { } salt)
        {
            Ascii($"\"{Convert.ToHexStringLower(salt)}\",\"data\":", output);
            CanonicalJson.Write(shown.Data.Span, output);
        }
        else
        {
            output.Write("null,\"data\":null"u8);
        }
        Ascii($",\"leaf_hash\":\"{shown.LeafHash}\"}}\n", output);
    }

    /// <summary>The row of column names.</summary>
    public static void WriteHeader(IBufferWriter<byte> output) => Ascii(string.Join(',', EventCsv.Columns) + "\r\n", output);

    /// <summary>The event as a row of <see cref="EventCsv.Columns"/>, CR LF at the end.</summary>
    public static void WriteRow(in ShownEvent shown, IBufferWriter<byte> output)
    {
        var envelope = shown.Envelope;
        Ascii(string.Create(CultureInfo.InvariantCulture, $"{envelope.Position},{EventEnvelope.TimeText(envelope.RecordedAt)},"), output);
        Text(envelope.Type, output);
        Text(envelope.StreamId, output);
        Ascii(string.Create(CultureInfo.InvariantCulture, $"{envelope.Version},{envelope.EventId},"), output);
        Text(envelope.TenantId, output);
        Text(envelope.CorrelationId, output);
        Text(envelope.CausationId, output);
        if (!envelope.Headers.IsEmpty) EventCsv.WriteCell(CanonicalJson.Of(envelope.Headers.Span), output);
        Ascii($",{envelope.BodyHash},", output);
        if (shown.Salt is { } salt)
        {
            Ascii($"{Convert.ToHexStringLower(salt)},", output);
            EventCsv.WriteCell(CanonicalJson.Of(shown.Data.Span), output);
        }
        else
        {
            output.Write(","u8);
        }
        Ascii($",{shown.LeafHash}\r\n", output);
    }

    /// <summary>A line of <c>proof.ndjson</c>.</summary>
    public static void WriteSubtree(TreeNode node, in Digest hash, IBufferWriter<byte> output) =>
        Ascii(string.Create(CultureInfo.InvariantCulture, $"{{\"first\":{node.First + 1},\"count\":{node.Count},\"hash\":\"{hash.ToString()}\"}}\n"), output);

    private static void Text(string? text, IBufferWriter<byte> output)
    {
        if (text is not null) EventCsv.WriteCell(Encoding.UTF8.GetBytes(text), output);
        output.Write(","u8);
    }

    private static void Ascii(string text, IBufferWriter<byte> output)
    {
        var written = Encoding.UTF8.GetBytes(text, output.GetSpan(text.Length));
        output.Advance(written);
    }
}
