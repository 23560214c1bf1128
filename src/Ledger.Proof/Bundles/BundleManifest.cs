using System.Text.Encodings.Web;
using System.Text.Json;
using Ledger.Proof.Tree;

namespace Ledger.Proof.Bundles;

/// <summary>Length and SHA-256 of a file beside the manifest.</summary>
public sealed record BundleFile(string Name, long Bytes, Digest Sha256);

/// <summary>What was asked for.</summary>
/// <param name="SystemId">Null: every system; else events of other systems' items are left out.</param>
/// <param name="From">As given, a time or a position; only told.</param>
/// <param name="FirstPosition">From 1; one past <paramref name="LastPosition"/> when nothing lies between.</param>
/// <param name="LastPosition">Up to the checkpoint's size.</param>
public sealed record BundleSelection(string? SystemId, string? From, string? To, long FirstPosition, long LastPosition);

/// <summary><c>manifest.json</c>: what the bundle shows and which signed checkpoint it is to be held against.</summary>
/// <param name="Origin">First line of the checkpoint.</param>
/// <param name="Keys">Verifier keys of the server; whoever has one from elsewhere holds the checkpoint against that.</param>
/// <param name="Checkpoint">The signed note whose root the bundle proves.</param>
/// <param name="EarlierCheckpoints">Older notes of the same log, smallest first: they narrow down where a forged history begins.</param>
/// <param name="Events">Events shown.</param>
/// <param name="Files">Empty: the files are not known yet.</param>
public sealed record BundleManifest(
    string Origin, string TenantId, IReadOnlyList<string> Keys, string Checkpoint, IReadOnlyList<string> EarlierCheckpoints,
    BundleSelection Selection, long Size, long Events, IReadOnlyList<BundleFile> Files)
{
    public const string Format = "export-ledger-bundle/1";
    public const string FileName = "manifest.json";
    public const string NdjsonName = "events.ndjson";
    public const string CsvName = "events.csv";
    public const string ProofName = "proof.ndjson";

    /// <summary>Bytes beyond which a manifest is refused unread.</summary>
    public const int MaxLength = 4 << 20;

    private static readonly JsonWriterOptions Readable = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Indented UTF-8.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Readable)) Write(json);
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    /// <exception cref="FormatException">Says which member is wrong.</exception>
    public static BundleManifest Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var format = ManifestMember.Text(root, "format");
            if (format != Format) throw new FormatException($"The format is '{format}'; this verifier reads {Format}.");
            var selection = ManifestMember.Object(root, "selection");
            return new(
                ManifestMember.Text(root, "origin"), ManifestMember.Text(root, "tenant_id"), ManifestMember.Texts(root, "keys"), ManifestMember.Text(root, "checkpoint"),
                root.TryGetProperty("earlier_checkpoints", out _) ? ManifestMember.Texts(root, "earlier_checkpoints") : [],
                new(ManifestMember.OptionalText(selection, "system_id"), ManifestMember.OptionalText(selection, "from"), ManifestMember.OptionalText(selection, "to"),
                    ManifestMember.Number(selection, "first_position"), ManifestMember.Number(selection, "last_position")),
                ManifestMember.Number(root, "size"), ManifestMember.Number(root, "events"),
                [.. ManifestMember.Array(root, "files").Select(file => new BundleFile(ManifestMember.Text(file, "name"), ManifestMember.Number(file, "bytes"), ManifestMember.Hash(file, "sha256")))]);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new FormatException($"Not JSON: {fault.Message}", fault);
        }
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteString("origin", Origin);
        json.WriteString("tenant_id", TenantId);
        Write(json, "keys", Keys);
        json.WriteString("checkpoint", Checkpoint);
        Write(json, "earlier_checkpoints", EarlierCheckpoints);
        json.WriteStartObject("selection");
        json.WriteString("system_id", Selection.SystemId);
        json.WriteString("from", Selection.From);
        json.WriteString("to", Selection.To);
        json.WriteNumber("first_position", Selection.FirstPosition);
        json.WriteNumber("last_position", Selection.LastPosition);
        json.WriteEndObject();
        json.WriteNumber("size", Size);
        json.WriteNumber("events", Events);
        json.WriteStartArray("files");
        foreach (var file in Files)
        {
            json.WriteStartObject();
            json.WriteString("name", file.Name);
            json.WriteNumber("bytes", file.Bytes);
            json.WriteString("sha256", file.Sha256.ToString());
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
