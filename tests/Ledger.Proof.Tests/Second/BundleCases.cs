using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.Proof.Notes;
using Ledger.Proof.Tests.Bundles;

namespace Ledger.Proof.Tests.Second;

/// <summary>Bundles as they may come, good and bad, each in both formats.</summary>
internal static class BundleCases
{
    /// <param name="Position">The position to be named; null: verified, or a fault that has none.</param>
    public sealed record Case(string Name, SampleBundle Bundle, bool IsGood, long? Position);

    public static IEnumerable<Case> All(string format)
    {
        var whole = SampleBundle.Of(format, earlier: [3, 8, 13]);
        SampleBundle Whole() => whole.Copy();
        // The first line of a CSV file has the names.
        var at = format == "csv" ? 1 : 0;
        Case Good(string name, SampleBundle bundle) => new($"{name}-{format}", bundle, true, null);
        Case Bad(string name, long? position, SampleBundle bundle) => new($"{name}-{format}", bundle, false, position);
        Case Edited(string name, int position, string from, string to) => Bad(name, position, Line(Whole(), position + at, from, to));

        yield return Good("complete", Whole());
        yield return Good("complete-without-earlier-checkpoints", SampleBundle.Of(format));
        yield return Good("of-a-power-of-two", SampleBundle.Of(format, size: 16));
        yield return Good("of-one-event", SampleBundle.Of(format, size: 1));
        yield return Good("by-positions", SampleBundle.Of(format, first: 5, last: 12, earlier: [3, 8]));
        yield return Good("by-system", SampleBundle.Of(format, system: "erp"));
        yield return Good("by-system-and-positions", SampleBundle.Of(format, size: 20, first: 3, last: 17, system: "erp"));
        yield return Good("of-nothing", SampleBundle.Of(format, first: 22, last: 21));
        yield return Good("with-another-signature-beside", Note(Whole(), note => note + "\u2014 someone.else AAAAAAAA\n"));

        yield return Edited("body-edited", 7, "Ünï", "Uni");
        yield return Edited("number-in-a-body-edited", 9, "9.5", "9.50000000000000000001");
        yield return Edited("time-edited", 4, "10:00:04", "10:00:05");
        yield return Edited("actor-edited", 11, "démo", "demo");
        yield return Edited("type-edited", 2, "item_exported", "item_exported_v2");
        yield return Edited("salt-edited", 6, "060708", "060709");
        yield return Edited("leaf-hash-edited", 8, SampleBundle.History[7].LeafHash.ToString()[..8], "00000000");
        yield return Edited("body-of-an-erased-event-made-up", 5, format == "csv" ? ",,," : "null,\"data\":null", format == "csv" ? ",,{}," : "null,\"data\":{}");
        yield return Edited("tenant-edited", 3, "acme", "acne");
        yield return Edited("version-written-as-a-fraction", 10, format == "csv" ? ",3,0000000a" : "\"version\":3", format == "csv" ? ",3.5,0000000a" : "\"version\":3.5");
        yield return Bad("deleted", 6, Whole().EditLines(lines => lines.Where((_, index) => index != 5 + at)));
        yield return Bad("the-first-deleted", 1, Whole().EditLines(lines => lines.Where((_, index) => index != at)));
        yield return Bad("the-last-deleted", 21, Whole().EditLines(lines => lines.SkipLast(1)));
        yield return Bad("swapped", 8, Whole().EditLines(lines => { (lines[7 + at], lines[8 + at]) = (lines[8 + at], lines[7 + at]); return lines; }));
        yield return Bad("repeated", 4, Whole().EditLines(lines => [.. lines[..(4 + at)], .. lines[(3 + at)..]]));
        yield return Bad("one-too-many", 21, Whole().EditLines(lines => [.. lines, lines[^1]]));
        yield return Bad("truncated", 12, Whole().EditLines(lines => lines[..(11 + at)]));
        yield return Bad("renumbered", 3, Line(Line(Whole(), 3 + at, format == "csv" ? "3," : "\"position\":3", format == "csv" ? "4," : "\"position\":4"), 4 + at, format == "csv" ? "4," : "\"position\":4", format == "csv" ? "3," : "\"position\":3"));
        yield return Bad("cut-short-in-a-line", 21, Cut(Whole()));
        yield return Bad("left-out-of-the-selection", 13, SampleBundle.Of(format, shows: position => position != 13));
        yield return Bad("outside-the-selection", 3, SampleBundle.Of(format, first: 4, last: 12, shows: position => position is >= 3 and <= 12));
        yield return Bad("of-another-system", 8, SampleBundle.Of(format, system: "erp", shows: position => position % 3 != 2 || position == 8));
        yield return Bad("a-subtree-edited", null, SampleBundle.Of(format, first: 5, last: 12).EditLines(lines => [lines[0][..^3] + (lines[0][^3] == '0' ? '1' : '0') + lines[0][^2..], .. lines[1..]], "proof.ndjson"));
        yield return Bad("a-subtree-missing", 1, SampleBundle.Of(format, first: 5, last: 12).EditLines(lines => lines[1..], "proof.ndjson"));
        yield return Bad("a-subtree-of-no-tree", 1, SampleBundle.Of(format, first: 5, last: 12).EditLines(lines => [lines[0].Replace("\"count\":4", "\"count\":3", StringComparison.Ordinal), .. lines[1..]], "proof.ndjson"));
        yield return Bad("signed-by-nobody-known", null, Manifest(Whole(), root => root["keys"] = new JsonArray(JsonValue.Create(Other.Key.VerifierKey))));
        yield return Bad("signature-edited", null, Note(Whole(), note => note[..^8] + (note[^8] == 'A' ? 'B' : 'A') + note[^7..]));
        yield return Bad("size-in-the-checkpoint-edited", null, Note(Whole(), note => note.Replace("\n21\n", "\n20\n", StringComparison.Ordinal)));
        yield return Bad("checkpoint-of-another-log", null, Note(Whole(), _ => SampleBundle.Note(21, origin: "ledger.example/other")));
        yield return Bad("checkpoint-of-an-earlier-size", null, Note(Whole(), _ => SampleBundle.Note(13)));
        yield return Bad("manifest-of-another-tenant", null, Manifest(Whole(), root => root["tenant_id"] = "other"));
        yield return Bad("events-counted-wrong", null, Manifest(Whole(), root => root["events"] = 20));
        yield return Bad("file-hash-wrong", null, Manifest(Whole(), root => root["files"]![0]!["sha256"] = new string('0', 64)));
        yield return Bad("file-length-wrong", null, Manifest(Whole(), root => root["files"]![1]!["bytes"] = 1));
        yield return Bad("of-another-format", null, Manifest(Whole(), root => root["format"] = "export-ledger-bundle/2"));
        yield return Bad("no-manifest", null, Without(Whole(), "manifest.json"));
        yield return Bad("no-proof", null, Without(Whole(), "proof.ndjson"));
    }

    public static readonly NoteSigner Other = new("ledger.example", ECDsa.Create(ECCurve.NamedCurves.nistP256));

    private static SampleBundle Line(SampleBundle bundle, int line, string from, string to) => bundle.EditLine(line, text =>
    {
        // CSV doubles quotes, and a note breaks its row in two: neither holds a text that is replaced here.
        text.ShouldContain(from);
        var first = text.IndexOf(from, StringComparison.Ordinal);
        return text[..first] + to + text[(first + from.Length)..];
    });

    private static SampleBundle Cut(SampleBundle bundle) => bundle.Replace(bundle.Events, bundle.Files[bundle.Events][..^5]);

    private static SampleBundle Note(SampleBundle bundle, Func<string, string> edit) => Manifest(bundle, root => root["checkpoint"] = edit(root["checkpoint"]!.GetValue<string>()));

    private static SampleBundle Manifest(SampleBundle bundle, Action<JsonNode> edit)
    {
        var root = JsonNode.Parse(bundle.Files["manifest.json"])!;
        edit(root);
        bundle.Files["manifest.json"] = Encoding.UTF8.GetBytes(root.ToJsonString());
        return bundle;
    }

    private static SampleBundle Without(SampleBundle bundle, string name)
    {
        bundle.Files.Remove(name);
        return bundle;
    }
}
