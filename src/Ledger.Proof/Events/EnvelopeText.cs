using System.Buffers;
using System.Globalization;
using Ledger.Proof.Canonical;
using Ledger.Proof.Tree;

namespace Ledger.Proof.Events;

/// <summary>An envelope whose texts are UTF-8 as they were stored: what <see cref="EventEnvelope"/> says, for whoever has many of them and keeps none.</summary>
public readonly ref struct EnvelopeText
{
    public required ReadOnlySpan<byte> TenantId { get; init; }

    /// <summary>From 1; the leaf's index is one less.</summary>
    public required long Position { get; init; }

    public required ReadOnlySpan<byte> StreamId { get; init; }

    public required long Version { get; init; }

    public required Guid EventId { get; init; }

    public required ReadOnlySpan<byte> Type { get; init; }

    /// <summary>UTC, to the microsecond.</summary>
    public required DateTime RecordedAt { get; init; }

    /// <summary>False: null, whatever <see cref="CorrelationId"/> holds.</summary>
    public required bool HasCorrelation { get; init; }

    public required ReadOnlySpan<byte> CorrelationId { get; init; }

    /// <summary>False: null, whatever <see cref="CausationId"/> holds.</summary>
    public required bool HasCausation { get; init; }

    public required ReadOnlySpan<byte> CausationId { get; init; }

    /// <summary>Any JSON; empty: null.</summary>
    public required ReadOnlySpan<byte> Headers { get; init; }

    public required Digest BodyHash { get; init; }

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
            Text(HasCausation, CausationId, ref form);
            form.Append(",\"correlation_id\":"u8);
            Text(HasCorrelation, CorrelationId, ref form);
            form.Append(",\"event_id\":\""u8);
            EventId.TryFormat(form.Reserve(36), out var written);
            form.Length += written;
            form.Append("\",\"headers\":"u8);
            output.Write(form.Written);
            form.Length = 0;
            if (Headers.IsEmpty) form.Append("null"u8);
            else CanonicalJson.Write(Headers, output);
            form.Append(",\"position\":"u8);
            Number(Position, ref form);
            form.Append(",\"recorded_at\":\""u8);
            RecordedAt.TryFormat(form.Reserve(27), out written, EventEnvelope.TimeFormat, CultureInfo.InvariantCulture);
            form.Length += written;
            form.Append("\",\"stream_id\":"u8);
            CanonicalString.WritePlain(StreamId, ref form);
            form.Append(",\"tenant_id\":"u8);
            CanonicalString.WritePlain(TenantId, ref form);
            form.Append(",\"type\":"u8);
            CanonicalString.WritePlain(Type, ref form);
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

    private static void Number(long value, ref CanonicalBuffer form)
    {
        value.TryFormat(form.Reserve(20), out var written, default, CultureInfo.InvariantCulture);
        form.Length += written;
    }

    private static void Text(bool has, ReadOnlySpan<byte> value, ref CanonicalBuffer form)
    {
        if (has) CanonicalString.WritePlain(value, ref form);
        else form.Append("null"u8);
    }
}
