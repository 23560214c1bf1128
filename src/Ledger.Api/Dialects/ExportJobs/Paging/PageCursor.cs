using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Ledger.Api.Dialects.ExportJobs.Paging;

/// <summary>
/// A place in a list: the sort values of one row, signed. <c>base32(values)~base32(signature)</c>. The signature covers the
/// tenant, the list and its order, too: a cursor of one list says nothing in another.
/// </summary>
internal static class PageCursor
{
    private const int SignatureBytes = 10;   // 16 base32 digits without padding; nobody can try 2^80 of them

    private enum Kind : byte { Null, Time, Uuid, Whole, Text }

    /// <param name="scope">Names tenant, list and order.</param>
    public static string Write(IReadOnlyList<object?> values, string scope, byte[] key)
    {
        var bytes = Pack(values);
        return $"{Base32.Encode(bytes)}~{Base32.Encode(Sign(bytes, scope, key))}";
    }

    /// <returns>Null when it is no cursor of this scope.</returns>
    public static IReadOnlyList<object?>? Read(string cursor, string scope, byte[] key)
    {
        var parts = cursor.Split('~');
        return parts.Length == 2 && Base32.TryDecode(parts[0], out var bytes) && Base32.TryDecode(parts[1], out var signature)
            && CryptographicOperations.FixedTimeEquals(signature, Sign(bytes, scope, key)) ? Unpack(bytes) : null;
    }

    private static byte[] Sign(byte[] bytes, string scope, byte[] key)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(Encoding.UTF8.GetBytes(scope));
        hash.AppendData([0]);
        hash.AppendData(bytes);
        return hash.GetHashAndReset()[..SignatureBytes];
    }

    private static byte[] Pack(IReadOnlyList<object?> values)
    {
        using var bytes = new MemoryStream();
        Span<byte> number = stackalloc byte[16];
        foreach (var value in values)
        {
            switch (value)
            {
                case null:
                    bytes.WriteByte((byte)Kind.Null);
                    break;
                case DateTime or long:
                    bytes.WriteByte((byte)(value is long ? Kind.Whole : Kind.Time));
                    BinaryPrimitives.WriteInt64BigEndian(number, value is long whole ? whole : ((DateTime)value).Ticks);
                    bytes.Write(number[..8]);
                    break;
                case Guid uuid:
                    bytes.WriteByte((byte)Kind.Uuid);
                    uuid.TryWriteBytes(number, bigEndian: true, out _);
                    bytes.Write(number);
                    break;
                case string text:
                    bytes.WriteByte((byte)Kind.Text);
                    var utf8 = Encoding.UTF8.GetBytes(text);
                    bytes.WriteByte(checked((byte)utf8.Length));
                    bytes.Write(utf8);
                    break;
                default:
                    throw new InvalidOperationException($"No cursor holds a {value.GetType().Name}.");
            }
        }
        return bytes.ToArray();
    }

    // The signature has been checked: these bytes were packed here.
    private static List<object?> Unpack(ReadOnlySpan<byte> bytes)
    {
        var values = new List<object?>();
        while (!bytes.IsEmpty)
        {
            var kind = (Kind)bytes[0];
            bytes = bytes[1..];
            var length = kind switch { Kind.Null => 0, Kind.Uuid => 16, Kind.Text => bytes[0] + 1, _ => 8 };
            values.Add(kind switch
            {
                Kind.Null => null,
                Kind.Uuid => new Guid(bytes[..16], bigEndian: true),
                Kind.Text => Encoding.UTF8.GetString(bytes[1..length]),
                Kind.Time => new DateTime(BinaryPrimitives.ReadInt64BigEndian(bytes), DateTimeKind.Utc),
                _ => BinaryPrimitives.ReadInt64BigEndian(bytes),
            });
            bytes = bytes[length..];
        }
        return values;
    }
}
