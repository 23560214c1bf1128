using System.Text;
using Ledger.Proof.Bundles;
using Ledger.Proof.Notes;
using Ledger.Proof.Online;
using Ledger.Proof.Tests.Bundles;
using Ledger.Proof.Tests.Tree;
using Ledger.Proof.Tiles;
using Ledger.Proof.Tree;

namespace Ledger.Proof.Tests.Online;

public class VerifyingALogTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(700)]
    public async Task A_log_as_it_was_built_is_verified(int size)
    {
        var report = await VerifyAsync(new ALog(size));
        report.Findings.ShouldBeEmpty();
        (report.Checkpoint!.Size, report.Events, report.IsPinned).ShouldBe((size, size, false));
        report.Note.ShouldBe(ALog.Note(size));
        foreach (var before in new[] { 1, size / 2, size }.Where(earlier => earlier > 0)) (await VerifyAsync(new ALog(size), ALog.Note(before))).Findings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("0/000", 300, 8, 9)]
    [InlineData("0/002", 300, 187, 700)]
    [InlineData("1/000", 700, 1, 257)]
    public async Task A_tile_that_is_not_what_the_events_make_of_it_is_named_by_its_first_position(string tile, int size, int hash, int position)
    {
        size = tile == "0/002" ? 700 : size;
        var log = new ALog(size) { Edit = (path, bytes) => { if (path.StartsWith(tile, StringComparison.Ordinal)) bytes[hash * 32] ^= 1; } };
        Only(await VerifyAsync(log)).ShouldBe((Fault.Tile, (long?)position));
        log.Edit = (path, bytes) => { };
        (await VerifyAsync(log)).IsVerified.ShouldBeTrue();
    }

    [Fact]
    public async Task A_server_that_went_back_or_changed_its_past_is_refused_by_whoever_remembers()
    {
        Only(await VerifyAsync(new ALog(10), ALog.Note(11))).ShouldBe((Fault.History, (long?)11));
        Only(await VerifyAsync(new ALog(300), Other(200))).ShouldBe((Fault.History, (long?)null));
        Only(await VerifyAsync(new ALog(300), Other(300))).ShouldBe((Fault.History, (long?)null));
        Only(await VerifyAsync(new ALog(300), Other(200, "ledger.example/other"))).ShouldBe((Fault.OtherLog, (long?)null));
    }

    [Fact]
    public async Task What_is_edited_missing_or_too_much_is_named_with_its_position()
    {
        Only(await VerifyAsync(new ALog(300) { EditLines = lines => [.. lines.Where((_, index) => index != 279)] })).ShouldBe((Fault.Missing, (long?)280));
        Only(await VerifyAsync(new ALog(300) { EditLines = lines => [.. lines, lines[^1].Replace("\"position\":300", "\"position\":301", StringComparison.Ordinal)] })).ShouldBe((Fault.Misplaced, (long?)301));
        Only(await VerifyAsync(new ALog(300) { EditLines = lines => [.. lines.Select((line, index) => index == 41 ? line.Replace("\"n\":42", "\"n\":43", StringComparison.Ordinal) : line)] })).ShouldBe((Fault.BodyEdited, (long?)42));
        Only(await VerifyAsync(new ALog(300), pinned: [new NoteSigner("x", System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256)).Key.VerifierKey])).ShouldBe((Fault.Signature, (long?)null));
    }

    [Fact]
    public async Task Every_checkpoint_that_was_kept_is_held_against_the_events()
    {
        (await VerifyAsync(new ALog(300) { Kept = [new(310, "made since"), new(300, ALog.Note(300)), new(299, ALog.Note(299)), new(1, ALog.Note(1))] })).Findings.ShouldBeEmpty();
        Only(await VerifyAsync(new ALog(300) { Kept = [new(299, ALog.Note(299)), new(200, Other(200))] })).ShouldBe((Fault.Root, (long?)null));
        Only(await VerifyAsync(new ALog(300) { Kept = [new(200, ALog.Note(199))] })).ShouldBe((Fault.Signature, (long?)null));
        Only(await VerifyAsync(new ALog(300) { Kept = [new(200, ALog.Note(200)[..^8])] })).ShouldBe((Fault.Signature, (long?)null));
        Only(await VerifyAsync(new ALog(300) { Kept = [new(200, ALog.Note(200).Replace("\n200\n", "\n201\n", StringComparison.Ordinal))] })).ShouldBe((Fault.Signature, (long?)null));
        Only(await VerifyAsync(new ALog(300) { Kept = [new(200, Other(200, "ledger.example/other"))] })).ShouldBe((Fault.OtherLog, (long?)null));
    }

    private static string Other(int size, string origin = SampleBundle.Origin) => new Checkpoint(origin, size, Digest.OfBytes([1])).Sign(SampleBundle.Signer).ToString();

    private static Task<LogReport> VerifyAsync(ALog log, string? remembered = null, string[]? pinned = null) => new LogVerifier(log, pinned, remembered).VerifyAsync(TestContext.Current.CancellationToken);

    private static (Fault, long?) Only(LogReport report)
    {
        var finding = report.Findings.ShouldHaveSingleItem();
        return (finding.Fault, finding.Position);
    }

    private sealed class ALog(int size) : ILogSource
    {
        private static readonly (ReferenceTree Tree, string[] Lines) History = Make(700);

        public Action<string, byte[]> Edit { get; set; } = (_, _) => { };

        public Func<string[], string[]> EditLines { get; init; } = lines => lines;

        public IReadOnlyList<StoredCheckpoint> Kept { get; init; } = [];

        public static string Note(int size) => Notes[size] ??= new Checkpoint(SampleBundle.Origin, size, History.Tree.Root(size)).Sign(SampleBundle.Signer).ToString();

        private static readonly string?[] Notes = new string?[701];

        public Task<IReadOnlyList<string>> KeysAsync(CancellationToken cancellationToken = default) => Task.FromResult<IReadOnlyList<string>>([SampleBundle.Signer.Key.VerifierKey]);

        public Task<string> CheckpointAsync(CancellationToken cancellationToken = default) => Task.FromResult(Note(size));

        public IAsyncEnumerable<StoredCheckpoint> CheckpointsAsync(CancellationToken cancellationToken = default) => Kept.ToAsyncEnumerable();

        public Task<Stream> EventsAsync(long size, CancellationToken cancellationToken = default) =>
            Task.FromResult<Stream>(new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(EditLines(History.Lines[..(int)size]).Select(line => line + "\n")))));

        public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(Tile tile, CancellationToken cancellationToken = default)
        {
            var bytes = (await History.Tree.ReadAsync(tile, cancellationToken)).ToArray();
            Edit(tile.ToString(), bytes);
            return bytes;
        }

        private static (ReferenceTree, string[]) Make(int count)
        {
            var shown = Enumerable.Range(1, count).Select(position =>
            {
                var (salt, data) = (new byte[16], Encoding.UTF8.GetBytes($"{{\"n\":{position}}}"));
                salt[0] = 1;
                var envelope = SampleBundle.History[0].Envelope with { Position = position, BodyHash = Proof.Events.BodyHashing.Of(salt, data) };
                return new ShownEvent(envelope, salt, data, Digest.OfLeaf(envelope.ToBytes()));
            }).ToArray();
            var lines = new System.Buffers.ArrayBufferWriter<byte>();
            foreach (var one in shown) EventWriter.WriteLine(one, lines);
            return (new([.. shown.Select(one => one.LeafHash)]), Encoding.UTF8.GetString(lines.WrittenSpan).Split('\n')[..^1]);
        }
    }
}
