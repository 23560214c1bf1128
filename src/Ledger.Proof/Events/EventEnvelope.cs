using System.Buffers;
using System.Globalization;
using System.Text;
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

    internal const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>A recorded time as every envelope writes it: UTC, always six digits of the second.</summary>
    public static string TimeText(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>Appends the canonical JSON.</summary>
    /// <exception cref="FormatException">The headers are no JSON.</exception>
    public void Write(IBufferWriter<byte> output) => new EnvelopeText
    {
        TenantId = Utf8(TenantId), Position = Position, StreamId = Utf8(StreamId), Version = Version, EventId = EventId, Type = Utf8(Type), RecordedAt = RecordedAt.UtcDateTime,
        HasCorrelation = CorrelationId is not null, CorrelationId = Utf8(CorrelationId), HasCausation = CausationId is not null, CausationId = Utf8(CausationId),
        Headers = Headers.Span, BodyHash = BodyHash,
    }.Write(output);

    /// <summary>The canonical JSON as an array of its own.</summary>
    public byte[] ToBytes()
    {
        var output = new ArrayBufferWriter<byte>(768);
        Write(output);
        return output.WrittenSpan.ToArray();
    }

    private static ReadOnlySpan<byte> Utf8(string? value) => value is null ? default : Encoding.UTF8.GetBytes(value);
}
