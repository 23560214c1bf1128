using System.Buffers;
using System.Globalization;
using System.Text;
using Ledger.Proof.Canonical;
using Ledger.Proof.Tree;

namespace Ledger.Proof.Events;

/// <summary>An event without its body, as it enters the tree: the leaf's data is the canonical JSON of these members.</summary>
/// <param name="Position">From 1; the leaf's index is one less.</param>
/// <param name="RecordedAt">To the microsecond, which is all PostgreSQL keeps.</param>
/// <param name="Headers">The stored headers, any JSON; empty: null.</param>
/// <param name="BodyHash">See <see cref="BodyHashing"/>.</param>
public readonly record struct EventEnvelope(
    string TenantId, long Position, string StreamId, long Version, Guid EventId, string Type, DateTimeOffset RecordedAt,
    string? CorrelationId, string? CausationId, ReadOnlyMemory<byte> Headers, Digest BodyHash)
{
    /// <summary>Bytes an entry of a tile can have: its length travels as uint16.</summary>
    public const int MaxLength = ushort.MaxValue;

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>A recorded time as every envelope writes it: UTC, always six digits of the second.</summary>
    public static string TimeText(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>Appends the canonical JSON.</summary>
    /// <exception cref="FormatException">The headers are no JSON.</exception>
    public void Write(IBufferWriter<byte> output)
    {
        var form = new CanonicalBuffer(1024);
        try
        {
            form.Append("{\"body_hash\":\""u8);
            var bodyHash = BodyHash;
            Convert.TryToHexStringLower(bodyHash, form.Reserve(2 * Digest.Size), out _);
            form.Length += 2 * Digest.Size;
            form.Append("\",\"causation_id\":"u8);
            Text(CausationId, ref form);
            form.Append(",\"correlation_id\":"u8);
            Text(CorrelationId, ref form);
            form.Append(",\"event_id\":\""u8);
            EventId.TryFormat(form.Reserve(36), out var written);
            form.Length += written;
            form.Append("\",\"headers\":"u8);
            output.Write(form.Written);
            form.Length = 0;
            if (Headers.IsEmpty) form.Append("null"u8);
            else CanonicalJson.Write(Headers.Span, output);
            form.Append(",\"position\":"u8);
            Number(Position, ref form);
            form.Append(",\"recorded_at\":\""u8);
            RecordedAt.UtcDateTime.TryFormat(form.Reserve(27), out written, TimeFormat, CultureInfo.InvariantCulture);
            form.Length += written;
            form.Append("\",\"stream_id\":"u8);
            Text(StreamId, ref form);
            form.Append(",\"tenant_id\":"u8);
            Text(TenantId, ref form);
            form.Append(",\"type\":"u8);
            Text(Type, ref form);
            form.Append(",\"version\":"u8);
            Number(Version, ref form);
            form.Append((byte)'}');
            output.Write(form.Written);
        }
        finally
        {
            form.Dispose();
        }
    }

    /// <summary>The canonical JSON as an array of its own.</summary>
    public byte[] ToBytes()
    {
        var output = new ArrayBufferWriter<byte>(768);
        Write(output);
        return output.WrittenSpan.ToArray();
    }

    private static void Number(long value, ref CanonicalBuffer form)
    {
        value.TryFormat(form.Reserve(20), out var written, default, CultureInfo.InvariantCulture);
        form.Length += written;
    }

    private static void Text(string? value, ref CanonicalBuffer form)
    {
        if (value is null) form.Append("null"u8);
        else CanonicalString.WritePlain(Encoding.UTF8.GetBytes(value), ref form);
    }
}
