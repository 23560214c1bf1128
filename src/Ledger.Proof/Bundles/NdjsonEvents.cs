using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Ledger.Proof.Events;
using Ledger.Proof.Tree;

namespace Ledger.Proof.Bundles;

/// <summary>One event per line.</summary>
/// <remarks>
/// Lines as the service writes them are not parsed at all: when the bytes before <c>,"salt":</c> hash to the stated leaf and the
/// bytes of <c>data</c> to the body hash, they are the bytes that were committed to. Any other line takes the long way.
/// </remarks>
internal sealed class NdjsonEvents(LineReader lines, EventCheck check) : IEventSource
{
    private const int HashText = 2 * Digest.Size;

    private readonly EventFields _fields = new();
    private readonly byte[] _leafData = new byte[1 << 16];
    private readonly byte[] _body = new byte[1 << 16];
    private long _expected;
    private bool _isParsed;

    public long Position { get; private set; }

    private Digest? _leaf;

    public bool Read(long expected)
    {
        if (!lines.Read()) return false;
        if (lines.IsCut) throw new FoundException(Fault.Unreadable, expected, lines.Line.Length > LineReader.MaxLength ? "the line is too long" : "the file is cut short in the middle of a line");
        (_expected, _leaf, _isParsed) = (expected, null, false);
        if (Stated(lines.Line.Span, ",\"position\":"u8) is { } position && position == expected && Committed(lines.Line.Span) is { } leaf)
        {
            (_leaf, Position) = (leaf, position);
            return true;
        }
        Parse();
        Position = _fields.Position() ?? throw new FoundException(Fault.Unreadable, expected, "the event has no position");
        return true;
    }

    public Digest Leaf() => _leaf ?? check.Leaf(Position, _fields);

    public byte[] Stream()
    {
        if (!_isParsed) Parse();
        try
        {
            var reader = new Utf8JsonReader(_fields[Field.StreamId]);
            reader.Read();
            var stream = new byte[reader.ValueSpan.Length];
            return stream[..reader.CopyString(stream)];
        }
        catch (InvalidOperationException)
        {
            throw new FoundException(Fault.Unreadable, Position, "its stream_id is no text");
        }
    }

    private static ReadOnlySpan<byte> Envelope(ReadOnlySpan<byte> line) => line[..Math.Max(line.IndexOf(",\"salt\":"u8), 0)];

    private static long? Stated(ReadOnlySpan<byte> line, ReadOnlySpan<byte> member)
    {
        var envelope = Envelope(line);
        var at = envelope.LastIndexOf(member);
        return at >= 0 && Utf8Parser.TryParse(envelope[(at + member.Length)..], out long value, out _) ? value : null;
    }

    // {"body_hash":"…",…,"version":3 | ,"salt":"…","data": | {…} | ,"leaf_hash":"…"}
    private Digest? Committed(ReadOnlySpan<byte> line)
    {
        var envelope = Envelope(line);
        var rest = line[envelope.Length..];
        if (!envelope.StartsWith("{\"body_hash\":\""u8) || envelope.Length >= _leafData.Length - 2 || !check.IsOfTenant(envelope)) return null;
        if (rest.Length < ",\"leaf_hash\":\"\"}"u8.Length + HashText || !rest.EndsWith("\"}"u8)) return null;
        var tail = rest[^(",\"leaf_hash\":\"\"}"u8.Length + HashText)..];
        if (!tail.StartsWith(",\"leaf_hash\":\""u8) || !Digest.TryParseHex(tail.Slice(",\"leaf_hash\":\""u8.Length, HashText), out var stated)) return null;
        rest = rest[..^tail.Length];

        _leafData[0] = 0;
        envelope.CopyTo(_leafData.AsSpan(1));
        _leafData[envelope.Length + 1] = (byte)'}';
        if (Digest.OfBytes(_leafData.AsSpan(0, envelope.Length + 2)) != stated) return null;
        return IsBody(rest, envelope.Slice("{\"body_hash\":\""u8.Length, HashText)) ? stated : null;
    }

    private bool IsBody(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> bodyHash)
    {
        const int saltText = 2 * BodyHashing.SaltLength;
        if (!rest.StartsWith(",\"salt\":\""u8) || rest.Length < 9 + saltText || !rest[(9 + saltText)..].StartsWith("\",\"data\":"u8)) return false;
        var hex = rest.Slice(9, saltText);
        var data = rest[(9 + saltText + "\",\"data\":"u8.Length)..];
        if (data.Length > _body.Length - BodyHashing.SaltLength || hex.ContainsAnyInRange((byte)'A', (byte)'F')) return false;
        if (Convert.FromHexString(hex, _body, out _, out _) != OperationStatus.Done) return false;
        data.CopyTo(_body.AsSpan(BodyHashing.SaltLength));
        return Digest.TryParseHex(bodyHash, out var expected) && Digest.OfBytes(_body.AsSpan(0, BodyHashing.SaltLength + data.Length)) == expected;
    }

    private void Parse()
    {
        _fields.Clear();
        _isParsed = true;
        try
        {
            var reader = new Utf8JsonReader(lines.Line.Span, new JsonReaderOptions { MaxDepth = Canonical.CanonicalJson.MaxDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new FoundException(Fault.Unreadable, _expected, "the line is no event");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var field = FieldOf(ref reader);
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                if (_fields.Has(field)) throw new FoundException(Fault.Unreadable, _expected, $"the line has two {EventFields.Names[(int)field]}");
                _fields.Set(field, lines.Line[start..(int)reader.BytesConsumed]);
            }
            reader.Read();
        }
        catch (JsonException fault)
        {
            throw new FoundException(Fault.Unreadable, _expected, $"the line cannot be read: {fault.Message}");
        }
    }

    private Field FieldOf(ref Utf8JsonReader reader)
    {
        for (var i = 0; i < EventFields.Count; i++)
        {
            if (reader.ValueTextEquals(EventFields.Names[i])) return (Field)i;
        }
        throw new FoundException(Fault.Unreadable, _expected, "the line has a member that is none of an event's");
    }
}
