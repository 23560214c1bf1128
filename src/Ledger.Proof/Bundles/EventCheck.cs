using System.Buffers;
using System.Text;
using System.Text.Json;
using Ledger.Proof.Canonical;
using Ledger.Proof.Events;
using Ledger.Proof.Tree;

namespace Ledger.Proof.Bundles;

/// <summary>Checks one event against itself: its envelope makes the leaf hash it states, and salt and body make its body hash.</summary>
/// <remarks>
/// Nothing here is trusted: a line forged in itself is caught when the leaves do not make the signed root. What a line states only
/// serves to name the position, and to find the form quickly: bytes that hash to the stated value need no canonicalising.
/// </remarks>
internal sealed class EventCheck(string tenantId)
{
    private readonly byte[] _tenant = CanonicalJson.Of(JsonSerializer.SerializeToUtf8Bytes(tenantId, TenantJson.Default.String));
    private readonly ArrayBufferWriter<byte> _envelope = new(2048);

    /// <summary>Bodies that were erased with their salt: only their hash is left to prove.</summary>
    public long Erased { get; private set; }

    /// <returns>The hash of the leaf the event makes.</returns>
    /// <exception cref="FoundException"/>
    public Digest Leaf(long position, EventFields fields)
    {
        if (fields.Missing() is { } name) throw new FoundException(Fault.Unreadable, position, $"the event has no {name}");
        if (!Digest.TryParseHex(fields.Plain(Field.LeafHash), out var stated)) throw new FoundException(Fault.Unreadable, position, "its leaf_hash is not 64 hex digits");
        try
        {
            if (!fields[Field.TenantId].SequenceEqual(_tenant) && !CanonicalJson.Of(fields[Field.TenantId]).AsSpan().SequenceEqual(_tenant))
                throw new FoundException(Fault.OtherLog, position, "the event belongs to another tenant");
            var leaf = Envelope(fields, stated);
            if (leaf != stated) throw new FoundException(Fault.EnvelopeEdited, position, "time, actor, type, ids, version or body hash were edited: the event is not the one this leaf was made of");
            CheckBody(position, fields);
            return leaf;
        }
        catch (FormatException fault)
        {
            throw new FoundException(Fault.Unreadable, position, $"the event cannot be read: {fault.Message}");
        }
    }

    /// <summary>Whether the last tenant_id of a canonical envelope is ours. No text in it can look like a member: quotes inside are escaped.</summary>
    public bool IsOfTenant(ReadOnlySpan<byte> envelope)
    {
        var at = envelope.LastIndexOf(",\"tenant_id\":"u8);
        return at >= 0 && envelope[(at + ",\"tenant_id\":"u8.Length)..].StartsWith(_tenant);
    }

    private Digest Envelope(EventFields fields, Digest stated)
    {
        _envelope.ResetWrittenCount();
        for (var field = Field.BodyHash; field <= Field.Version; field++)
        {
            _envelope.Write(field == Field.BodyHash ? "{\""u8 : ",\""u8);
            _envelope.Write(Encoding.ASCII.GetBytes(EventFields.Names[(int)field]));
            _envelope.Write("\":"u8);
            _envelope.Write(fields[field]);
        }
        _envelope.Write("}"u8);
        var leaf = Digest.OfLeaf(_envelope.WrittenSpan);
        return leaf == stated ? leaf : Digest.OfLeaf(CanonicalJson.Of(_envelope.WrittenSpan));
    }

    private void CheckBody(long position, EventFields fields)
    {
        if (fields.IsNull(Field.Salt))
        {
            if (!fields.IsNull(Field.Data)) throw new FoundException(Fault.BodyEdited, position, "the event has a body, and its salt is gone");
            Erased++;
            return;
        }
        Span<byte> salt = stackalloc byte[BodyHashing.SaltLength];
        var hex = fields.Plain(Field.Salt);
        if (hex.Length != 2 * salt.Length || hex.ContainsAnyInRange((byte)'A', (byte)'F') || Convert.FromHexString(hex, salt, out _, out _) != OperationStatus.Done)
            throw new FoundException(Fault.Unreadable, position, "its salt is not 32 hex digits");
        if (!Digest.TryParseHex(fields.Plain(Field.BodyHash), out var expected)) throw new FoundException(Fault.Unreadable, position, "its body_hash is not 64 hex digits");
        if (BodyHashing.OfCanonical(salt, fields[Field.Data]) != expected && BodyHashing.Of(salt, fields[Field.Data]) != expected)
            throw new FoundException(Fault.BodyEdited, position, "the body was edited: it does not hash to the event's body_hash");
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class TenantJson : System.Text.Json.Serialization.JsonSerializerContext;
