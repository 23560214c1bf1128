using System.Security.Cryptography;
using System.Text;
using FsCheck.Fluent;
using Ledger.Proof.Notes;
using Ledger.Proof.Tree;

namespace Ledger.Proof.Tests.Notes;

public class SignedNoteTests
{
    /// <summary>A checkpoint and the key of a public log that signs with ECDSA: the form is the ecosystem's, not ours.</summary>
    private const string PublicKey = "rekor.sigstore.dev+c0d23d6a+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNhtmPtrWm3U1eQXBogSMdGvXwBcK5AW5i0hrZLOC96l+smGNM7nwZ4QvFK/4sueRoVj//QP22Ni4Qt9DPfkWLc=";

    private const string PublicNote = "rekor.sigstore.dev - 2605736670972794746\n90244708\nCOSIc1jqxpbuuTChPdiTqtZBBve7GAVJqTYjqAaM940=\n\n— rekor.sigstore.dev wNI9ajBEAiAkKWVCpp/N5yF/GlQkAyKQxUsjc3Vpu04YyALJvrBsvAIgcZfXJsJdwLdgUAWwnekWg8YXS4gfz/DM1wVhhcouJBE=\n";

    private static readonly ECDsa Private = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly ECDsa OtherPrivate = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly NoteSigner Signer = new("ledger.example", Private);
    private static readonly NoteSigner Next = new("ledger.example", OtherPrivate);

    [Fact]
    public void A_checkpoint_of_a_public_log_opens_with_its_published_key()
    {
        var checkpoint = Checkpoint.Open(PublicNote, [NoteKey.Parse(PublicKey)]);
        checkpoint.ShouldBe(new Checkpoint("rekor.sigstore.dev - 2605736670972794746", 90_244_708, Digest.From(Convert.FromBase64String("COSIc1jqxpbuuTChPdiTqtZBBve7GAVJqTYjqAaM940="))));
        NoteKey.Parse(PublicKey).VerifierKey.ShouldBe(PublicKey);
        SignedNote.Parse(PublicNote).ToString().ShouldBe(PublicNote);
        Should.Throw<FormatException>(() => Checkpoint.Open(PublicNote.Replace("90244708", "90244709", StringComparison.Ordinal), [NoteKey.Parse(PublicKey)])).Message.ShouldContain("invalid");
        Should.Throw<FormatException>(() => Checkpoint.Open(PublicNote, [Signer.Key])).Message.ShouldContain("rekor.sigstore.dev+c0d23d6a");
    }

    [Fact]
    public void What_was_signed_opens_with_any_of_its_keys()
    {
        var checkpoint = new Checkpoint("ledger.example/acme", 7, Digest.OfLeaf([1]));
        var note = checkpoint.Sign(Signer, Next).ToString();
        Checkpoint.Open(note, [Signer.Key]).ShouldBe(checkpoint);
        Checkpoint.Open(note, [NoteKey.Parse(Next.Key.VerifierKey)]).ShouldBe(checkpoint);
        SignedNote.Parse(note).Verify([Signer.Key, Next.Key]).Count.ShouldBe(2);
        Should.Throw<FormatException>(() => Checkpoint.Open(new Checkpoint("x", 1, Digest.OfEmptyTree).Sign().ToString(), [Signer.Key]));
    }

    [Fact]
    public void No_bit_of_a_note_can_be_flipped()
    {
        var note = Encoding.UTF8.GetBytes(new Checkpoint("ledger.example/acme", 12_345, Digest.OfLeaf([1])).Sign(Signer).ToString());
        Always.Holds(Gen.Choose(0, note.Length * 8 - 1), bit =>
        {
            byte[] edited = [.. note];
            edited[bit / 8] ^= (byte)(1 << (bit % 8));
            Should.Throw<FormatException>(() => Checkpoint.Open(Encoding.UTF8.GetString(edited), [Signer.Key]));
        }, runs: 1_000);
        Always.Holds(Gen.Choose(0, note.Length - 1), length => Should.Throw<FormatException>(() => Checkpoint.Open(Encoding.UTF8.GetString(note, 0, length), [Signer.Key])));
    }

    [Theory]
    [InlineData("ledger.example+00000000+AjBZ")]
    [InlineData("ledger.example")]
    [InlineData("+c0d23d6a+AjBZ")]
    [InlineData("a b+c0d23d6a+AjBZ")]
    [InlineData("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")]
    [InlineData("rekor.sigstore.dev+c0d23d6b+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNhtmPtrWm3U1eQXBogSMdGvXwBcK5AW5i0hrZLOC96l+smGNM7nwZ4QvFK/4sueRoVj//QP22Ni4Qt9DPfkWLc=")]
    public void What_is_no_key_of_ours_is_refused(string key) => Should.Throw<FormatException>(() => NoteKey.Parse(key));

    [Theory]
    [InlineData("a\n1\nAAAA\n")]
    [InlineData("a\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    [InlineData("a\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    [InlineData("\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    [InlineData("a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")]
    [InlineData("a\n1\n")]
    [InlineData("a\n99999999999999999999\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    public void What_is_no_checkpoint_is_refused(string text) => Should.Throw<FormatException>(() => Checkpoint.Parse(text));
}
