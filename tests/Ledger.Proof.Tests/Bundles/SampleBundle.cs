using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ledger.Proof.Bundles;
using Ledger.Proof.Events;
using Ledger.Proof.Notes;
using Ledger.Proof.Tests.Tree;
using Ledger.Proof.Tree;

namespace Ledger.Proof.Tests.Bundles;

/// <summary>A small history, its signed tree, and bundles of it whose files a test can edit.</summary>
internal sealed class SampleBundle
{
    public const string Tenant = "acme";
    public const string Origin = "ledger.example/acme";

    public static readonly NoteSigner Signer = new("ledger.example", ECDsa.Create(ECCurve.NamedCurves.nistP256));

    public Dictionary<string, byte[]> Files { get; private init; } = [];

    public SampleBundle Copy() => new() { Files = new(Files) };

    public static IReadOnlyList<ShownEvent> History { get; } = [.. Enumerable.Range(1, 21).Select(Event)];

    private static readonly ReferenceTree Tree = new([.. History.Select(shown => shown.LeafHash)]);

    /// <param name="shows">By position.</param>
    public static SampleBundle Of(string format = "ndjson", int size = 21, int first = 1, int last = 21, string? system = null, int[]? earlier = null, NoteSigner? signer = null, Func<long, bool>? shows = null)
    {
        var bundle = new SampleBundle();
        shows ??= position => position >= first && position <= last && (system is null || !History[(int)position - 1].Envelope.StreamId.StartsWith("item/", StringComparison.Ordinal) || History[(int)position - 1].Envelope.StreamId.StartsWith($"item/{system}/", StringComparison.Ordinal));
        var (events, proof) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        if (format == "csv") EventWriter.WriteHeader(events);
        var from = 0L;
        var shown = History.Take(size).Where(one => shows(one.Envelope.Position)).ToList();
        foreach (var one in shown)
        {
            if (format == "csv") EventWriter.WriteRow(one, events);
            else EventWriter.WriteLine(one, events);
            Omit(from, one.Envelope.Position - 1, proof);
            from = one.Envelope.Position;
        }
        Omit(from, size, proof);
        var name = $"events.{format}";
        bundle.Files[name] = events.WrittenSpan.ToArray();
        bundle.Files["proof.ndjson"] = proof.WrittenSpan.ToArray();
        signer ??= Signer;
        bundle.Write(new(
            Origin, Tenant, [signer.Key.VerifierKey], Note(size, signer), [.. (earlier ?? []).Select(at => Note(at, signer))],
            new(system, null, null, first, Math.Min(last, size)), size, shown.Count, [.. bundle.Files.Select(file => new BundleFile(file.Key, file.Value.Length, Digest.OfBytes(file.Value)))]));
        return bundle;
    }

    public static string Note(int size, NoteSigner? signer = null, string origin = Origin) => new Checkpoint(origin, size, Tree.Root(size)).Sign(signer ?? Signer).ToString();

    public string Events => Files.ContainsKey("events.csv") ? "events.csv" : "events.ndjson";

    public BundleManifest Manifest => BundleManifest.Parse(Files["manifest.json"]);

    public BundleReport Verify(params string[] pinned) => new BundleVerifier(name => Files.TryGetValue(name, out var file) ? new MemoryStream(file) : null, pinned.Length > 0 ? pinned : null).Verify();

    public void Write(BundleManifest manifest) => Files["manifest.json"] = manifest.ToBytes();

    /// <summary>Replaces the file, and its length and hash in the manifest: what someone does who wants it to go unnoticed.</summary>
    public SampleBundle Replace(string name, byte[] content)
    {
        Files[name] = content;
        var manifest = Manifest;
        Write(manifest with { Files = [.. manifest.Files.Select(file => file.Name == name ? new BundleFile(name, content.Length, Digest.OfBytes(content)) : file)] });
        return this;
    }

    public SampleBundle EditLines(Func<List<string>, IEnumerable<string>> edit, string? name = null)
    {
        name ??= Events;
        var lines = Encoding.UTF8.GetString(Files[name]).Split('\n').SkipLast(1).ToList();
        return Replace(name, Encoding.UTF8.GetBytes(string.Concat(edit(lines).Select(line => line + "\n"))));
    }

    public SampleBundle EditLine(int position, Func<string, string> edit) => EditLines(lines => lines.Select((line, index) => index == position - 1 ? edit(line) : line));

    private static void Omit(long from, long end, ArrayBufferWriter<byte> proof)
    {
        foreach (var node in TreeNode.Cover(from, end)) EventWriter.WriteSubtree(node, Tree.Hash((int)node.First, (int)(node.First + node.Count)), proof);
    }

    private static ShownEvent Event(int position)
    {
        var stream = (position % 3) switch { 0 => $"record/R{position}", 1 => $"item/erp/R{position}", _ => $"item/=cmd|'/C calc'!A0/R{position}" };
        byte[]? salt = position == 5 ? null : [.. Enumerable.Range(position, 16).Select(value => (byte)value)];
        var data = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"note":"=1+{{position}}, \"quoted\"\nline","amount": {{position}}.50,"name":"Ünï"}"""));
        var envelope = new EventEnvelope(
            Tenant, position, stream, position % 4 + 1, new Guid(position, 0, 0, new byte[8]), "item_exported", new DateTimeOffset(2026, 1, 15, 10, 0, position, TimeSpan.Zero),
            position % 2 == 0 ? "-corr" : position == 7 ? "" : null, position % 5 == 0 ? "'cause,\"" : null, """{"dialect":"native","actor":"démo"}"""u8.ToArray(),
            BodyHashing.Of(salt ?? new byte[16], data));
        return new(envelope, salt, data, Digest.OfLeaf(envelope.ToBytes()));
    }
}
