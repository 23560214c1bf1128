using System.Security.Cryptography;
using System.Text;

namespace Ledger.Proof.Notes;

/// <summary>A private key that signs notes under a name.</summary>
/// <param name="key">P-256 with its private part; stays the caller's to dispose.</param>
public sealed class NoteSigner(string name, ECDsa key) : IDisposable
{
    public NoteKey Key { get; } = NoteKey.From(name, key);

    /// <param name="text">Ends in a newline.</param>
    public NoteSignature Sign(string text) =>
        new(Key.Name, Key.Id, key.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    public void Dispose() => Key.Dispose();
}
