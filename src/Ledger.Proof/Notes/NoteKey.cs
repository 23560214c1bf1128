using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ledger.Proof.Notes;

/// <summary>A public key that signs notes (C2SP signed-note, signature type 0x02: ECDSA P-256 with SHA-256).</summary>
public sealed class NoteKey : IDisposable
{
    public const string Algorithm = "ecdsa-p256-sha256";

    private const byte EcdsaType = 0x02;

    private readonly ECDsa _key;

    private NoteKey(string name, byte[] publicKey, ECDsa key)
    {
        (Name, _key) = (name, key);
        // Of this signature type alone the id is the hash of the key, without the name.
        Id = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(publicKey));
        VerifierKey = string.Create(CultureInfo.InvariantCulture, $"{name}+{Id:x8}+{Convert.ToBase64String([EcdsaType, .. publicKey])}");
    }

    public string Name { get; }

    /// <summary>The first four bytes of SHA-256 over the key as DER SubjectPublicKeyInfo.</summary>
    public uint Id { get; }

    /// <summary><c>name+8 hex digits of the id+base64(0x02 ‖ key as DER SubjectPublicKeyInfo)</c>: the form in which keys are handed over and pinned.</summary>
    public string VerifierKey { get; }

    /// <exception cref="ArgumentException">The name is empty or has white space or a plus, or the key is no P-256 key.</exception>
    public static NoteKey From(string name, ECDsa key)
    {
        if (!IsName(name)) throw new ArgumentException($"'{name}' is no key name: not empty, no white space, no '+'.", nameof(name));
        var publicKey = key.ExportSubjectPublicKeyInfo();
        return TryImport(publicKey) is { } own ? new(name, publicKey, own) : throw new ArgumentException("Not a P-256 key.", nameof(key));
    }

    /// <param name="text">As <see cref="VerifierKey"/> writes it.</param>
    /// <exception cref="FormatException">Names the part that is wrong.</exception>
    public static NoteKey Parse(string text)
    {
        // The base64 part may contain pluses itself.
        var parts = text.Trim().Split('+', 3);
        if (parts.Length != 3 || !IsName(parts[0])) throw new FormatException("A verifier key is written name+id+key.");
        if (Base64.Decode(parts[2]) is not { Length: > 1 } bytes) throw new FormatException($"The key of '{parts[0]}' is not base64.");
        if (bytes[0] != EcdsaType) throw new FormatException($"The key of '{parts[0]}' is of type 0x{bytes[0]:x2}; this verifier knows 0x02, ECDSA P-256.");
        if (TryImport(bytes.AsSpan(1)) is not { } key) throw new FormatException($"The key of '{parts[0]}' is no P-256 public key.");
        var parsed = new NoteKey(parts[0], bytes[1..], key);
        if (parsed.Id.ToString("x8", CultureInfo.InvariantCulture) == parts[1]) return parsed;
        parsed.Dispose();
        throw new FormatException($"The id of the key of '{parts[0]}' should be {parsed.Id:x8}, not '{parts[1]}'.");
    }

    /// <summary>Not empty, no white space, no plus, no control character.</summary>
    public static bool IsName(string name) => name.Length > 0 && !name.Any(character => char.IsWhiteSpace(character) || char.IsControl(character) || character == '+');

    public bool Verify(string text, ReadOnlySpan<byte> signature)
    {
        try
        {
            return _key.VerifyData(Encoding.UTF8.GetBytes(text), signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    public void Dispose() => _key.Dispose();

    private static ECDsa? TryImport(ReadOnlySpan<byte> publicKey)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(publicKey, out var read);
            if (read == publicKey.Length && key.ExportParameters(false).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value) return key;
        }
        catch (CryptographicException)
        {
        }
        key.Dispose();
        return null;
    }
}
