using FsCheck.Fluent;
using Ledger.Proof.Bundles;

namespace Ledger.Proof.Tests.Bundles;

/// <summary>Whatever is done to a byte of a bundle: a finding, never an exception and never "verified".</summary>
public class DamagedBundlesTests
{
    [Theory]
    [InlineData("ndjson", false)]
    [InlineData("csv", false)]
    [InlineData("ndjson", true)]
    [InlineData("csv", true)]
    public void No_byte_of_the_events_or_the_proof_can_be_changed(string format, bool covered)
    {
        var whole = SampleBundle.Of(format, first: 5, last: 12, earlier: [3, 9]);
        Always.Holds(from events in Gen.Elements(true, false) from at in Gen.Choose(0, int.MaxValue - 1) from bit in Gen.Choose(0, 7) from what in Gen.Choose(0, 3) select (events, at, bit, what), edit =>
        {
            var bundle = whole.Copy();
            var name = edit.events ? bundle.Events : "proof.ndjson";
            var content = Edited(bundle.Files[name], edit.at, edit.bit, edit.what);
            // Covered: the manifest names the hash of the edited file, as a forger would have it. Then a change of spelling alone
            // (white space in JSON, LF for CR LF) is none of the history.
            if (covered) bundle.Replace(name, content);
            else bundle.Files[name] = content;
            var report = bundle.Verify();
            if (!covered || edit.what == 3) report.IsVerified.ShouldBeFalse();
        }, runs: 400);
    }

    [Theory]
    [InlineData("ndjson")]
    [InlineData("csv")]
    public void No_cut_at_any_byte_is_verified(string format)
    {
        var whole = SampleBundle.Of(format);
        var length = whole.Files[whole.Events].Length;
        Always.Holds(Gen.Choose(0, length - 1), at =>
        {
            var bundle = whole.Copy();
            bundle.Replace(bundle.Events, bundle.Files[bundle.Events][..at]);
            var finding = bundle.Verify().Findings.ShouldHaveSingleItem();
            finding.Fault.ShouldBeOneOf(Fault.Missing, Fault.Unreadable);
            finding.Position.ShouldNotBeNull();
        }, runs: 400);
    }

    [Fact]
    public void No_edit_of_the_manifest_crashes_or_changes_what_is_proven()
    {
        var whole = SampleBundle.Of(earlier: [3, 9]);
        var good = whole.Manifest;
        Always.Holds(from at in Gen.Choose(0, int.MaxValue - 1) from bit in Gen.Choose(0, 7) from what in Gen.Choose(0, 3) select (at, bit, what), edit =>
        {
            var bundle = whole.Copy();
            bundle.Files["manifest.json"] = Edited(bundle.Files["manifest.json"], edit.at, edit.bit, edit.what);
            var report = bundle.Verify(SampleBundle.Signer.Key.VerifierKey);
            if (!report.IsVerified) return;
            // What is left to edit is told, not proven: the words of from and to, the key list when another key was pinned, a member's name nobody reads.
            (report.Checkpoint!.Size, report.Checkpoint.Origin, report.Events).ShouldBe((21L, good.Origin, 21L));
            report.Manifest!.Checkpoint.ShouldBe(good.Checkpoint);
            report.Manifest.TenantId.ShouldBe(good.TenantId);
        }, runs: 600);
    }

    private static byte[] Edited(byte[] content, int at, int bit, int what)
    {
        at %= content.Length;
        return what switch
        {
            0 => [.. content[..at], (byte)(content[at] ^ (1 << bit)), .. content[(at + 1)..]],
            1 => [.. content[..at], .. content[(at + 1)..]],
            2 => [.. content[..at], (byte)" ,\"\n{}0'"[bit], .. content[at..]],
            _ => content[..at],
        };
    }
}
