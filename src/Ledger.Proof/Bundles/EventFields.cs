using System.Buffers.Text;

namespace Ledger.Proof.Bundles;

/// <summary>Members of an event line; the first eleven are the envelope, in the order of its canonical form.</summary>
internal enum Field
{
    BodyHash, CausationId, CorrelationId, EventId, Headers, Position, RecordedAt, StreamId, TenantId, Type, Version, Salt, Data, LeafHash,
}

/// <summary>One event of a file taken apart: the JSON text of each member, wherever it came from.</summary>
internal sealed class EventFields
{
    public const int Count = 14;

    public static readonly string[] Names =
        ["body_hash", "causation_id", "correlation_id", "event_id", "headers", "position", "recorded_at", "stream_id", "tenant_id", "type", "version", "salt", "data", "leaf_hash"];

    private readonly ReadOnlyMemory<byte>[] _values = new ReadOnlyMemory<byte>[Count];

    public ReadOnlySpan<byte> this[Field field] => _values[(int)field].Span;

    public bool Has(Field field) => !_values[(int)field].IsEmpty;

    public bool IsNull(Field field) => this[field].SequenceEqual("null"u8);

    public void Set(Field field, ReadOnlyMemory<byte> json) => _values[(int)field] = json;

    public void Clear() => Array.Clear(_values);

    /// <summary>The name of the first member that is not there; null: complete.</summary>
    public string? Missing()
    {
        for (var i = 0; i < Count; i++)
        {
            if (_values[i].IsEmpty) return Names[i];
        }
        return null;
    }

    /// <summary>The position as plain digits; null: it is something else.</summary>
    public long? Position() => Utf8Parser.TryParse(this[Field.Position], out long position, out var read) && read == this[Field.Position].Length && position > 0 ? position : null;

    /// <summary>What stands between the quotes of a text without escapes; empty: no such text.</summary>
    public ReadOnlySpan<byte> Plain(Field field) => this[field] is [(byte)'"', .. var text, (byte)'"'] ? text : default;
}
