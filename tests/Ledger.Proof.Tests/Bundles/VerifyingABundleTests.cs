using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Proof.Bundles;
using Ledger.Proof.Tree;

namespace Ledger.Proof.Tests.Bundles;

public class VerifyingABundleTests
{
    public static TheoryData<string, int, int, int, string?> Bundles => new()
    {
        { "ndjson", 21, 1, 21, null }, { "csv", 21, 1, 21, null }, { "ndjson", 16, 1, 16, null }, { "ndjson", 21, 4, 9, null }, { "csv", 20, 13, 20, null },
        { "ndjson", 21, 1, 21, "erp" }, { "csv", 19, 3, 17, "erp" }, { "ndjson", 21, 22, 21, null }, { "csv", 21, 22, 21, null }, { "ndjson", 21, 21, 21, null },
    };

    [Theory]
    [MemberData(nameof(Bundles))]
    public void An_untouched_bundle_is_verified(string format, int size, int first, int last, string? system)
    {
        var report = SampleBundle.Of(format, size, first, last, system, earlier: [1, 8, 13]).Verify();
        report.Findings.ShouldBeEmpty();
        report.Checkpoint!.Size.ShouldBe(size);
        report.SignedBy.ShouldBe([SampleBundle.Signer.Key.VerifierKey]);
        report.Events.ShouldBe(report.Manifest!.Events);
        if (size == 21 && first == 1) report.Erased.ShouldBe(system is null ? 1 : 0);
        if (system is null) report.Events.ShouldBe(last - first + 1);
    }

    [Fact]
    public void Lines_may_be_spelled_and_ordered_as_anyone_likes()
    {
        var bundle = SampleBundle.Of().EditLines(lines => lines.Select(line =>
        {
            var members = JsonNode.Parse(line)!.AsObject();
            var turned = new JsonObject(members.Reverse().Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
            return turned.ToJsonString().Replace(".5,", ".500,", StringComparison.Ordinal).Replace(":", ": ", StringComparison.Ordinal).Replace("10: ", "10:", StringComparison.Ordinal).Replace("00: ", "00:", StringComparison.Ordinal);
        }));
        bundle.Verify().Findings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("ndjson", "-corr", "-corrr", Fault.EnvelopeEdited)]
    [InlineData("csv", "-corr", "-corrr", Fault.EnvelopeEdited)]
    [InlineData("ndjson", "démo", "damo", Fault.EnvelopeEdited)]
    [InlineData("ndjson", "10:00:02", "10:00:03", Fault.EnvelopeEdited)]
    [InlineData("csv", "10:00:02", "10:00:03", Fault.EnvelopeEdited)]
    [InlineData("ndjson", "item_exported", "item_failed", Fault.EnvelopeEdited)]
    [InlineData("ndjson", "\"version\":3", "\"version\":4", Fault.EnvelopeEdited)]
    [InlineData("ndjson", ":2.5,", ":2.51,", Fault.BodyEdited)]
    [InlineData("csv", ":2.5,", ":2.51,", Fault.BodyEdited)]
    [InlineData("ndjson", "\"salt\":\"02", "\"salt\":\"03", Fault.BodyEdited)]
    [InlineData("ndjson", "\"tenant_id\":\"acme\"", "\"tenant_id\":\"acne\"", Fault.OtherLog)]
    [InlineData("ndjson", "\"salt\":\"0203", "\"salt\":\"zz03", Fault.Unreadable)]
    [InlineData("ndjson", "\"salt\":", "\"pepper\":", Fault.Unreadable)]
    [InlineData("ndjson", "\"version\":3", "\"version\":3,\"version\":3", Fault.Unreadable)]
    [InlineData("ndjson", "{\"body_hash\"", "{\"amount\":1,\"body_hash\"", Fault.Unreadable)]
    [InlineData("ndjson", "\"leaf_hash\":\"", "\"leaf_hash\":\"A", Fault.Unreadable)]
    [InlineData("ndjson", "}", "", Fault.Unreadable)]
    [InlineData("csv", "acme", "acme,", Fault.Unreadable)]
    public void An_edit_of_an_event_is_named_with_its_position(string format, string text, string edited, Fault fault)
    {
        var bundle = SampleBundle.Of(format).EditLines(lines => lines.Select(line => line.Contains("10:00:02", StringComparison.Ordinal) ? line.Replace(text, edited, StringComparison.Ordinal) : line));
        ShouldFind(bundle, fault, 2);
    }

    [Fact]
    public void Events_left_out_put_in_swapped_or_renumbered_are_named_with_their_position()
    {
        ShouldFind(SampleBundle.Of().EditLines(lines => lines.Where((_, index) => index != 6)), Fault.Missing, 7);
        ShouldFind(SampleBundle.Of().EditLines(lines => lines.Skip(1)), Fault.Missing, 1);
        ShouldFind(SampleBundle.Of().EditLines(lines => lines.SkipLast(1)), Fault.Missing, 21);
        ShouldFind(SampleBundle.Of().EditLines(lines => lines.Take(7).Concat(lines.Skip(6))), Fault.Misplaced, 7);
        ShouldFind(SampleBundle.Of().EditLines(lines => [.. lines, lines[^1].Replace("\"position\":21", "\"position\":22", StringComparison.Ordinal)]), Fault.Misplaced, 22);
        ShouldFind(SampleBundle.Of().EditLines(lines => [.. lines[..4], lines[5], lines[4], .. lines[6..]]), Fault.Missing, 5);
        ShouldFind(SampleBundle.Of().EditLine(9, line => line.Replace("\"position\":9", "\"position\":10", StringComparison.Ordinal)), Fault.Missing, 9);
        ShouldFind(SampleBundle.Of().EditLine(9, line => line.Replace("\"position\":9", "\"position\":8", StringComparison.Ordinal)), Fault.Misplaced, 8);
        ShouldFind(SampleBundle.Of(size: 16).EditLines(lines => [.. lines, "{}"]), Fault.Unreadable, 17);
        ShouldFind(SampleBundle.Of().EditLines(_ => []), Fault.Missing, 1);
    }

    [Fact]
    public void An_event_hidden_behind_a_subtree_is_missing_from_a_selection_that_has_it()
    {
        // The tree is whole and the root right: only the selection says that position 6 should be shown.
        ShouldFind(SampleBundle.Of(shows: position => position != 6), Fault.Missing, 6);
        ShouldFind(SampleBundle.Of(first: 5, last: 12, shows: position => position is > 8 and <= 12), Fault.Missing, 5);
        ShouldFind(SampleBundle.Of(first: 5, last: 12, shows: position => position is >= 5 and <= 13), Fault.Misplaced, 13);
        ShouldFind(SampleBundle.Of(system: "erp", shows: _ => true), Fault.Misplaced, 2);
        var bundle = SampleBundle.Of(first: 5, last: 12);
        ShouldFind(bundle.EditLines(lines => lines.Skip(1), "proof.ndjson"), Fault.Missing, 1);
        ShouldFind(SampleBundle.Of(first: 5, last: 12).EditLines(lines => [lines[0], .. lines], "proof.ndjson"), Fault.Misplaced, 1);
        ShouldFind(SampleBundle.Of(first: 5, last: 12).EditLines(lines => [lines[0].Replace("\"count\":4", "\"count\":8", StringComparison.Ordinal), .. lines[1..]], "proof.ndjson"), Fault.Missing, 5);
        ShouldFind(SampleBundle.Of(first: 5, last: 12).EditLines(lines => [lines[0].Replace("\"count\":4", "\"count\":3", StringComparison.Ordinal), .. lines[1..]], "proof.ndjson"), Fault.Unreadable, 1);
    }

    [Fact]
    public void A_forgery_that_agrees_with_itself_is_narrowed_down_by_earlier_checkpoints()
    {
        static SampleBundle Forged(params int[] earlier) => SampleBundle.Of(earlier: earlier).EditLine(10, line =>
        {
            var edited = line.Replace("10:00:10", "10:00:11", StringComparison.Ordinal);
            var leaf = Digest.OfLeaf(Encoding.UTF8.GetBytes(edited[..edited.IndexOf(",\"salt\":", StringComparison.Ordinal)] + "}"));
            return edited[..^66] + leaf + "\"}";
        });

        Forged().Verify().Findings.ShouldHaveSingleItem().Fault.ShouldBe(Fault.Root);
        var finding = Forged(3, 8, 12, 20).Verify().Findings.ShouldHaveSingleItem();
        finding.Fault.ShouldBe(Fault.Root);
        finding.What.ShouldContain("between 9 and 12");
    }

    [Fact]
    public void A_wrong_omitted_hash_is_a_wrong_root() =>
        SampleBundle.Of(first: 5, last: 12).EditLines(lines => [lines[0].Replace("\"hash\":\"" + lines[0].Split('"')[^2][..2], "\"hash\":\"" + (lines[0].Split('"')[^2][..2] == "00" ? "01" : "00"), StringComparison.Ordinal), .. lines[1..]], "proof.ndjson")
            .Verify().Findings[0].Fault.ShouldBe(Fault.Root);

    [Fact]
    public void Manifest_signature_and_files_are_held_against_each_other()
    {
        var good = SampleBundle.Of().Manifest;
        BundleReport With(BundleManifest manifest, params string[] pinned)
        {
            var bundle = SampleBundle.Of();
            bundle.Write(manifest);
            return bundle.Verify(pinned);
        }

        var other = new Ledger.Proof.Notes.NoteSigner("ledger.example", System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256));
        With(good, other.Key.VerifierKey).Findings.ShouldHaveSingleItem().Fault.ShouldBe(Fault.Signature);
        With(good, SampleBundle.Signer.Key.VerifierKey).IsPinned.ShouldBeTrue();
        With(good with { Keys = [other.Key.VerifierKey] }).Findings[0].Fault.ShouldBe(Fault.Signature);
        With(good with { Keys = [] }).Findings[0].Fault.ShouldBe(Fault.Signature);
        With(good with { Checkpoint = good.Checkpoint.Replace("\n21\n", "\n20\n", StringComparison.Ordinal) }).Findings[0].Fault.ShouldBe(Fault.Signature);
        With(good with { Checkpoint = SampleBundle.Note(21, origin: "ledger.example/other") }).Findings[0].Fault.ShouldBe(Fault.OtherLog);
        With(good with { Checkpoint = SampleBundle.Note(20) }).Findings[0].Fault.ShouldBe(Fault.Counts);
        With(good with { Checkpoint = SampleBundle.Note(20), Size = 20, Selection = good.Selection with { LastPosition = 20 } }).Findings[0].ShouldBe(new Finding(Fault.Misplaced, 21, "the checkpoint covers 20 positions, and an event follows"));
        With(good with { TenantId = "other" }).Findings[0].Fault.ShouldBe(Fault.OtherLog);
        With(good with { Selection = good.Selection with { LastPosition = 22 } }).Findings[0].Fault.ShouldBe(Fault.Manifest);
        With(good with { Events = 20 }).Findings[0].Fault.ShouldBe(Fault.Counts);
        With(good with { Files = [] }).Findings[0].Fault.ShouldBe(Fault.File);
        With(good with { Files = [good.Files[0] with { Bytes = 1 }, good.Files[1]] }).Findings[0].Fault.ShouldBe(Fault.File);
        With(good with { Files = [good.Files[0], good.Files[1] with { Sha256 = Digest.OfEmptyTree with { } }] }).Findings.ShouldBeEmpty();   // an empty proof.ndjson has just this hash
        With(good with { Files = [good.Files[0] with { Sha256 = Digest.OfEmptyTree }, good.Files[1]] }).Findings[0].Fault.ShouldBe(Fault.File);
        With(good with { EarlierCheckpoints = [SampleBundle.Note(3, other)] }).Findings.ShouldBeEmpty();
        With(good with { EarlierCheckpoints = [SampleBundle.Note(3).Replace("\n3\n", "\n4\n", StringComparison.Ordinal)] }).Findings[0].Fault.ShouldBe(Fault.Signature);

        foreach (var name in good.Files.Select(file => file.Name).Append("manifest.json"))
        {
            var bundle = SampleBundle.Of();
            bundle.Files.Remove(name);
            bundle.Verify().Findings.ShouldHaveSingleItem().What.ShouldContain(name);
        }
    }

    [Fact]
    public void The_manifest_is_json_anyone_can_read()
    {
        using var manifest = JsonDocument.Parse(SampleBundle.Of("csv", first: 4, last: 9).Files["manifest.json"]);
        manifest.RootElement.GetProperty("selection").GetProperty("first_position").GetInt64().ShouldBe(4);
        manifest.RootElement.GetProperty("files")[0].GetProperty("name").GetString().ShouldBe("events.csv");
    }

    private static void ShouldFind(SampleBundle bundle, Fault fault, long position)
    {
        var finding = bundle.Verify().Findings.ShouldHaveSingleItem();
        finding.Position.ShouldBe(position, finding.What);
        finding.Fault.ShouldBe(fault, finding.What);
    }
}
