using System.Text;
using Ledger.Proof.Tests.Bundles;

namespace Ledger.Proof.Tests.Second;

/// <summary>The format, not a program, carries the trust: two verifiers that share nothing say the same of every bundle, and name the same position.</summary>
public sealed class TwoVerifiersTests
{
    private const int RandomBundles = 100;

    [Theory]
    [InlineData("ndjson")]
    [InlineData("csv")]
    public async Task Agree_on_good_bundles_and_on_what_is_wrong_with_bad_ones(string format)
    {
        var cases = BundleCases.All(format).ToList();

        var python = await PythonVerifier.VerifyAsync(cases.ConvertAll(one => one.Bundle));

        foreach (var (one, (verdict, text)) in cases.Zip(python))
        {
            Verdict.OfFirst(one.Bundle).ShouldBe(new(one.IsGood, one.Position), one.Name);
            verdict.ShouldBe(new(one.IsGood, one.Position), $"{one.Name}: {text}");
        }
    }

    // Once as an accident, once by someone who mends the manifest afterwards: then only the tree and the signature are left to tell.
    [Theory]
    [InlineData("ndjson", false)]
    [InlineData("ndjson", true)]
    [InlineData("csv", false)]
    [InlineData("csv", true)]
    public async Task Agree_on_bundles_with_any_byte_changed(string format, bool mended)
    {
        var random = new Random(20261121);
        SampleBundle[] whole = [SampleBundle.Of(format, system: "erp", earlier: [3, 8]), SampleBundle.Of(format, first: 4, last: 17), SampleBundle.Of(format)];
        var bundles = new List<SampleBundle>();
        for (var number = 0; number < RandomBundles; number++)
        {
            var bundle = whole[number % 3].Copy();
            var name = bundle.Files.Keys.Order(StringComparer.Ordinal).ElementAt(random.Next(8) switch { 0 => 1, < 3 => 2, _ => 0 });
            var content = Changed(bundle.Files[name], random);
            if (mended && name != "manifest.json") bundle.Replace(name, content);
            else bundle.Files[name] = content;
            bundles.Add(bundle);
        }

        var python = await PythonVerifier.VerifyAsync(bundles);

        var different = Enumerable.Range(0, bundles.Count).Where(number => python[number].Verdict != Verdict.OfFirst(bundles[number])).Select(number => $"{number}: {python[number].Text}; {string.Join(", ", bundles[number].Verify().Findings)}");
        different.ShouldBeEmpty();
        python.Count(one => !one.Verdict.IsVerified).ShouldBeGreaterThan(RandomBundles / 2);
    }

    // Written once and never again: a bundle of today has to be good, or bad, for ever.
    [Fact]
    public async Task Agree_on_bundles_kept_from_earlier()
    {
        var folders = Directory.GetDirectories(Path.Combine(AppContext.BaseDirectory, "Second", "bundles")).Order(StringComparer.Ordinal).ToList();
        folders.Count.ShouldBe(13);
        foreach (var folder in folders)
        {
            var expected = PythonVerifier.Parse((await File.ReadAllTextAsync(Path.Combine(folder, "expected.txt"), TestContext.Current.CancellationToken)).Trim());
            var report = new Ledger.Proof.Bundles.BundleVerifier(name => Path.Combine(folder, name) is var path && File.Exists(path) ? File.OpenRead(path) : null).Verify();
            new Verdict(report.IsVerified, report.IsVerified ? null : report.Findings[0].Position).ShouldBe(expected, folder);

            var (code, output) = await PythonVerifier.RunAsync(folder);

            (code, PythonVerifier.Parse(output)).ShouldBe((expected.IsVerified ? 0 : 1, expected), $"{folder}: {output}");
        }
    }

    [Fact]
    public async Task Take_the_key_their_user_knows_for_better_than_the_one_in_the_bundle()
    {
        var folder = Directory.CreateTempSubdirectory("ledger-bundle-");
        try
        {
            var forged = SampleBundle.Of(signer: BundleCases.Other);
            PythonVerifier.Write(forged, folder.FullName);

            (await PythonVerifier.RunAsync(folder.FullName)).ExitCode.ShouldBe(0);
            (await PythonVerifier.RunAsync(folder.FullName, "--key", BundleCases.Other.Key.VerifierKey)).ExitCode.ShouldBe(0);
            var (code, output) = await PythonVerifier.RunAsync(folder.FullName, "--key", SampleBundle.Signer.Key.VerifierKey);
            (code, output.Trim()).ShouldBe((1, "NOT VERIFIED: the checkpoint is signed by no known key"));
            forged.Verify(SampleBundle.Signer.Key.VerifierKey).IsVerified.ShouldBeFalse();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_second_is_short_and_needs_no_library()
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(PythonVerifier.Folder, "verify.py"), TestContext.Current.CancellationToken);

        lines.Length.ShouldBeLessThanOrEqualTo(250);
        lines.Where(line => line.StartsWith("import ", StringComparison.Ordinal) || line.Contains(" import ", StringComparison.Ordinal))
            .ShouldBe(["import argparse, base64, hashlib, json, os, re, sys", "from decimal import Decimal"]);
    }

    private static byte[] Changed(byte[] content, Random random)
    {
        if (content.Length == 0) return "{}\n"u8.ToArray();
        var at = random.Next(content.Length);
        return random.Next(4) switch
        {
            0 => [.. content[..at], (byte)(content[at] ^ 1 << random.Next(8)), .. content[(at + 1)..]],
            1 => [.. content[..at], .. content[(at + 1)..]],
            2 => [.. content[..at], Encoding.ASCII.GetBytes(" ,\"\n{}0'")[random.Next(8)], .. content[at..]],
            _ => content[..at],
        };
    }
}
