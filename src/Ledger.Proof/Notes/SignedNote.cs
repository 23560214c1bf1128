using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Ledger.Proof.Notes;

/// <param name="Signature">What the key made of the text; of ECDSA the DER sequence.</param>
public sealed record NoteSignature(string KeyName, uint KeyId, byte[] Signature);

/// <summary>A text and the signatures below it (C2SP signed-note).</summary>
/// <param name="Text">Ends in a newline; what is signed.</param>
public sealed record SignedNote(string Text, IReadOnlyList<NoteSignature> Signatures)
{
    /// <summary>Longer notes are refused unread: a checkpoint has a few hundred bytes.</summary>
    public const int MaxLength = 64 * 1024;

    public const int MaxSignatures = 64;

    private const string Dash = "\u2014 ";

    /// <exception cref="ArgumentException">The text does not end in a newline or has a control character.</exception>
    public static SignedNote Sign(string text, params IEnumerable<NoteSigner> signers) =>
        IsText(text) ? new(text, [.. signers.Select(signer => signer.Sign(text))]) : throw new ArgumentException("A note ends in a newline and has no other control character.", nameof(text));

    /// <exception cref="FormatException">Says what is wrong with the note.</exception>
    public static SignedNote Parse(string note)
    {
        if (note.Length > MaxLength) throw new FormatException($"A note of {note.Length} characters: more than {MaxLength} are not read.");
        var split = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (split < 0) throw new FormatException("The note has no blank line before its signatures.");
        var text = note[..(split + 1)];
        var lines = note[(split + 2)..];
        if (!IsText(text)) throw new FormatException("The note has a control character.");
        if (!lines.EndsWith('\n')) throw new FormatException(lines.Length == 0 ? "The note has no signature." : "The note is cut short: its last line has no end.");
        var signatures = lines[..^1].Split('\n').Select(ParseLine).ToList();
        return signatures.Count <= MaxSignatures ? new(text, signatures) : throw new FormatException($"The note has more than {MaxSignatures} signatures.");
    }

    /// <summary>The whole note: text, blank line, signature lines.</summary>
    public override string ToString()
    {
        var note = new StringBuilder(Text).Append('\n');
        Span<byte> id = stackalloc byte[4];
        foreach (var signature in Signatures)
        {
            BinaryPrimitives.WriteUInt32BigEndian(id, signature.KeyId);
            note.Append(Dash).Append(signature.KeyName).Append(' ').Append(Convert.ToBase64String([.. id, .. signature.Signature])).Append('\n');
        }
        return note.ToString();
    }

    /// <summary>Checks the signatures of the known keys; those of other keys are not looked at, as the specification has it.</summary>
    /// <returns>The keys whose signature is valid: at least one.</returns>
    /// <exception cref="FormatException">No signature is by a known key, or one by a known key is wrong.</exception>
    public IReadOnlyList<NoteKey> Verify(IReadOnlyCollection<NoteKey> keys)
    {
        var valid = new List<NoteKey>();
        foreach (var signature in Signatures)
        {
            foreach (var key in keys.Where(key => key.Name == signature.KeyName && key.Id == signature.KeyId))
            {
                if (!key.Verify(Text, signature.Signature)) throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"The signature of key {key.Name}+{key.Id:x8} is invalid."));
                valid.Add(key);
            }
        }
        if (valid.Count > 0) return valid;
        var signers = string.Join(", ", Signatures.Select(signature => string.Create(CultureInfo.InvariantCulture, $"{signature.KeyName}+{signature.KeyId:x8}")));
        throw new FormatException($"No signature is by a known key; signed by {signers}.");
    }

    /// <summary>Whether one of the keys claims to have signed; says nothing of the signature.</summary>
    public bool IsBy(IReadOnlyCollection<NoteKey> keys) => Signatures.Any(signature => keys.Any(key => key.Name == signature.KeyName && key.Id == signature.KeyId));

    private static bool IsText(string text) => text.EndsWith('\n') && !text.Any(character => character < ' ' && character != '\n');

    private static NoteSignature ParseLine(string line)
    {
        var parts = line.Split(' ');
        if (parts.Length != 3 || parts[0] != "\u2014" || !NoteKey.IsName(parts[1])) throw new FormatException("A signature line is not '— name base64'.");
        return Base64.Decode(parts[2]) is { Length: > 4 } bytes
            ? new(parts[1], BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes[4..])
            : throw new FormatException($"The signature by {parts[1]} is not base64 of a key id and a signature.");
    }
}
