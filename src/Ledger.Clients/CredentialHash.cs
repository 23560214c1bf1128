using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Ledger.Clients;

/// <summary>The SHA-256 of a credential: all of it that is ever kept, in the database and in memory.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct CredentialHash
{
    public const int Length = 32;

    private readonly long _a, _b, _c, _d;

    /// <summary>Hashes without allocating; credentials are at most <see cref="LongestCredential"/> characters, so the bytes fit the stack.</summary>
    /// <exception cref="ArgumentException">The text is longer than any credential.</exception>
    public CredentialHash(ReadOnlySpan<char> credential)
    {
        if (credential.Length > LongestCredential) throw new ArgumentException($"A credential has at most {LongestCredential} characters.", nameof(credential));
        Span<byte> text = stackalloc byte[LongestCredential * 3];
        Span<byte> hash = stackalloc byte[Length];
        SHA256.HashData(text[..Encoding.UTF8.GetBytes(credential, text)], hash);
        var parts = MemoryMarshal.Cast<byte, long>(hash);
        (_a, _b, _c, _d) = (parts[0], parts[1], parts[2], parts[3]);
    }

    /// <summary>Ours have 43 to 47 characters.</summary>
    public const int LongestCredential = 256;

    public byte[] ToArray() => MemoryMarshal.AsBytes<long>([_a, _b, _c, _d]).ToArray();

    /// <summary>Takes the same time wherever the first difference is.</summary>
    public bool Matches(ReadOnlySpan<byte> stored) => CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes<long>([_a, _b, _c, _d]), stored);

    /// <summary>The hash is uniformly distributed already.</summary>
    public override int GetHashCode() => (int)_a;

    /// <summary>Hides the hash from logs: it identifies a live credential.</summary>
    public override string ToString() => "(credential)";
}
