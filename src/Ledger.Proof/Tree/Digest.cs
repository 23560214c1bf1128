using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Ledger.Proof.Tree;

/// <summary>A SHA-256 value of the tree, 32 bytes, by value.</summary>
[InlineArray(Size)]
public struct Digest : IEquatable<Digest>
{
    public const int Size = 32;

    private byte _first;

    /// <summary>The root of the empty tree: SHA-256 of nothing (RFC 6962 §2.1).</summary>
    public static Digest OfEmptyTree { get; } = OfBytes([]);

    /// <param name="bytes">32 bytes.</param>
    /// <exception cref="ArgumentException">Another length.</exception>
    public static Digest From(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size) throw new ArgumentException($"A hash has 32 bytes, not {bytes.Length}.", nameof(bytes));
        return MemoryMarshal.Read<Digest>(bytes);
    }

    /// <param name="hex">64 hex digits, lower case: the only spelling the format knows.</param>
    public static bool TryParseHex(ReadOnlySpan<byte> hex, out Digest digest)
    {
        digest = default;
        return hex.Length == 2 * Size && !hex.ContainsAnyInRange((byte)'A', (byte)'F') && Convert.FromHexString(hex, digest.Bytes, out _, out _) == OperationStatus.Done;
    }

    /// <inheritdoc cref="TryParseHex(ReadOnlySpan{byte}, out Digest)"/>
    public static bool TryParseHex(string? hex, out Digest digest)
    {
        digest = default;
        return hex is { Length: 2 * Size } && !hex.AsSpan().ContainsAnyInRange('A', 'F') && Convert.FromHexString(hex, digest.Bytes, out _, out _) == OperationStatus.Done;
    }

    /// <summary>SHA-256 of the bytes as they are: for files and bodies, not for the tree.</summary>
    public static Digest OfBytes(ReadOnlySpan<byte> bytes)
    {
        Digest digest = default;
        SHA256.HashData(bytes, digest.Bytes);
        return digest;
    }

    /// <summary>SHA-256(0x00 ‖ data): the hash of a leaf.</summary>
    public static Digest OfLeaf(ReadOnlySpan<byte> data)
    {
        const int onStack = 2048;
        byte[]? rented = null;
        var prefixed = data.Length < onStack ? stackalloc byte[onStack] : rented = ArrayPool<byte>.Shared.Rent(data.Length + 1);
        prefixed[0] = 0;
        data.CopyTo(prefixed[1..]);
        var digest = OfBytes(prefixed[..(data.Length + 1)]);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        return digest;
    }

    /// <summary>SHA-256(0x01 ‖ left ‖ right): the hash of an inner node.</summary>
    public static Digest OfNode(in Digest left, in Digest right)
    {
        Span<byte> both = stackalloc byte[1 + 2 * Size];
        both[0] = 1;
        left.CopyTo(both[1..]);
        right.CopyTo(both[(1 + Size)..]);
        return OfBytes(both);
    }

    public readonly void CopyTo(Span<byte> destination) => MemoryMarshal.Write(destination, in this);

    public readonly byte[] ToArray() => ((ReadOnlySpan<byte>)this).ToArray();

    public readonly bool Equals(Digest other) => ((ReadOnlySpan<byte>)this).SequenceEqual(other);

    public readonly override bool Equals(object? obj) => obj is Digest other && Equals(other);

    public readonly override int GetHashCode() => MemoryMarshal.Read<int>(this);

    /// <summary>64 hex digits, lower case.</summary>
    public readonly override string ToString() => Convert.ToHexStringLower(this);

    public static bool operator ==(Digest left, Digest right) => left.Equals(right);

    public static bool operator !=(Digest left, Digest right) => !left.Equals(right);

    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    private Span<byte> Bytes => MemoryMarshal.CreateSpan(ref _first, Size);
}
