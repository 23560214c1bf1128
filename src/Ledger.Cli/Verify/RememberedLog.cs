using System.Text.Json;
using Ledger.Proof.Notes;

namespace Ledger.Cli.Verify;

/// <summary>What the last visit to a log left: the checkpoint it was shown and the keys that signed it.</summary>
internal sealed record RememberedLog(string Checkpoint, string[] Keys)
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <returns>Null: there was no visit yet.</returns>
    /// <exception cref="CommandFailure">The file is something else. It is never taken for a first visit: that would forgive everything.</exception>
    public static RememberedLog? Read(string path)
    {
        if (!File.Exists(path)) return null;
        try
        {
            var remembered = JsonSerializer.Deserialize<RememberedLog>(File.ReadAllText(path), Form);
            if (remembered is not { Checkpoint: not null, Keys.Length: > 0 }) throw new FormatException("a member is missing");
            Proof.Notes.Checkpoint.Parse(SignedNote.Parse(remembered.Checkpoint).Text);
            return remembered;
        }
        catch (Exception fault) when (fault is JsonException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.BadInput($"'{path}' does not hold a checkpoint that was remembered: {fault.Message}", fault);
        }
    }

    /// <summary>Keeps the keys that have signed this checkpoint: so a new key is trusted once an old one has vouched for it.</summary>
    public static RememberedLog Of(string note, IReadOnlyList<string> trusted, IEnumerable<string> published) =>
        new(note, [.. trusted.Concat(published.Where(key => HasSigned(key, note))).Distinct(StringComparer.Ordinal)]);

    /// <summary>Replaces the file as a whole: a crash leaves the old one.</summary>
    public void Write(string path)
    {
        var beside = path + ".new";
        File.WriteAllText(beside, JsonSerializer.Serialize(this, Form));
        File.Move(beside, path, overwrite: true);
    }

    private static bool HasSigned(string text, string note)
    {
        try
        {
            using var key = NoteKey.Parse(text);
            return SignedNote.Parse(note).Verify([key]).Count > 0;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
