using System.Security.Cryptography;
using Ledger.Proof.Tree;

namespace Ledger.Proof.Bundles;

/// <summary>Reads a stream in large pieces, hashes what passes and tells how much that was.</summary>
internal sealed class HashedFile(Stream stream, Action<long>? progress) : IDisposable
{
    public const int PieceLength = 1 << 18;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public long Length { get; private set; }

    public int Read(Span<byte> room)
    {
        var read = stream.Read(room);
        if (read == 0) return 0;
        _hash.AppendData(room[..read]);
        Length += read;
        progress?.Invoke(read);
        return read;
    }

    /// <summary>Reads what nobody has asked for, so that length and hash are those of the whole file.</summary>
    public void ReadToEnd()
    {
        var room = new byte[PieceLength];
        while (Read(room) > 0)
        {
        }
    }

    /// <summary>SHA-256 of everything read.</summary>
    public Digest Hash() => Digest.From(_hash.GetCurrentHash());

    public void Dispose()
    {
        _hash.Dispose();
        stream.Dispose();
    }
}
