using System.Buffers;
using System.Security.Cryptography;
using Ledger.Proof.Canonical;
using Ledger.Proof.Tree;

namespace Ledger.Proof.Events;

/// <summary>The body enters the tree as SHA-256(salt ‖ canonical JSON): body and salt can be erased, and the hash that stays tells nothing of them.</summary>
public static class BodyHashing
{
    public const int SaltLength = 16;

    /// <param name="salt">16 random bytes of this event.</param>
    /// <param name="body">JSON in any form.</param>
    /// <exception cref="FormatException">The body is no JSON.</exception>
    public static Digest Of(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> body)
    {
        var output = new ArrayBufferWriter<byte>(SaltLength + body.Length + 16);
        output.Write(salt);
        CanonicalJson.Write(body, output);
        return Digest.OfBytes(output.WrittenSpan);
    }

    /// <summary>As <see cref="Of"/>, of a body that is canonical already.</summary>
    public static Digest OfCanonical(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> canonicalBody)
    {
        const int onStack = 4096;
        var length = salt.Length + canonicalBody.Length;
        byte[]? rented = null;
        var both = length <= onStack ? stackalloc byte[onStack] : rented = ArrayPool<byte>.Shared.Rent(length);
        salt.CopyTo(both);
        canonicalBody.CopyTo(both[salt.Length..]);
        var digest = Digest.OfBytes(both[..length]);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        return digest;
    }

    /// <summary>A salt from the operating system's random numbers.</summary>
    public static byte[] NewSalt() => RandomNumberGenerator.GetBytes(SaltLength);
}
