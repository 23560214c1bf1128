using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ledger.Projections.Writing;

/// <summary>UUIDv7 for events. The randomness of a hundred of them is fetched at once: a question to the kernel for each costs more than writing the event does here.</summary>
public static class EventIds
{
    private const int RandomBytes = 10;
    private const int AtOnce = 100;

    [ThreadStatic]
    private static byte[]? t_random;

    [ThreadStatic]
    private static int t_left;

    /// <summary>Of this moment.</summary>
    public static Guid Next() => Next(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());

    /// <param name="milliseconds">Time of the id, since 1970, in UTC.</param>
    public static Guid Next(long milliseconds)
    {
        var random = t_random ??= new byte[AtOnce * RandomBytes];
        if (t_left == 0)
        {
            RandomNumberGenerator.Fill(random);
            t_left = AtOnce;
        }
        t_left--;
        // RFC 9562 §5.7: 48 bits of time, version, 12 random bits, variant, 62 random bits.
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(id, milliseconds << 16);
        random.AsSpan(t_left * RandomBytes, RandomBytes).CopyTo(id[6..]);
        id[6] = (byte)(0x70 | (id[6] & 0x0F));
        id[8] = (byte)(0x80 | (id[8] & 0x3F));
        return new(id, bigEndian: true);
    }
}
