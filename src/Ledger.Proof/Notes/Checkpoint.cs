using System.Globalization;
using Ledger.Proof.Tree;

namespace Ledger.Proof.Notes;

/// <summary>What a log commits to (C2SP tlog-checkpoint): the first <paramref name="Size"/> leaves are those under <paramref name="Root"/>.</summary>
/// <param name="Origin">Names the log: <c>name of the server/tenant id</c>.</param>
public sealed record Checkpoint(string Origin, long Size, Digest Root)
{
    /// <summary>The note text: origin, size, base64 of the root, a line each.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Convert.ToBase64String(Root.ToArray())}\n");

    public SignedNote Sign(params IEnumerable<NoteSigner> signers) => SignedNote.Sign(Text, signers);

    /// <summary>Reads the text of a note. Extension lines are allowed and not looked at.</summary>
    /// <exception cref="FormatException">Says which line is wrong.</exception>
    public static Checkpoint Parse(string text)
    {
        var lines = text.Split('\n');
        if (lines.Length < 4 || lines[^1].Length > 0 || lines.AsSpan(0, lines.Length - 1).Contains("")) throw new FormatException("A checkpoint has three lines: origin, size, root.");
        if (!long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size) || lines[1] != size.ToString(CultureInfo.InvariantCulture)) throw new FormatException($"The size of the checkpoint, '{lines[1]}', is no number.");
        return Base64.Decode(lines[2]) is { Length: Digest.Size } root ? new(lines[0], size, Digest.From(root)) : throw new FormatException("The root of the checkpoint is not base64 of 32 bytes.");
    }

    /// <summary>Reads a signed checkpoint of which at least one signature is by one of the keys and none by them is wrong.</summary>
    /// <exception cref="FormatException">Says what is wrong with the note, its signatures or its lines.</exception>
    public static Checkpoint Open(string note, IReadOnlyCollection<NoteKey> keys)
    {
        var signed = SignedNote.Parse(note);
        signed.Verify(keys);
        return Parse(signed.Text);
    }
}
