using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Ledger.Api.Dialects.ExportJobs.Paging;

namespace Ledger.Api.Tests.Dialects.ExportJobs;

public sealed partial class PageCursorTests
{
    private static readonly byte[] Key = SHA256.HashData("a key"u8);

    private static readonly Gen<object?> Value = Gen.OneOf(
        Gen.Constant<object?>(null),
        ArbMap.Default.GeneratorFor<Guid>().Select(uuid => (object?)uuid),
        ArbMap.Default.GeneratorFor<long>().Select(whole => (object?)whole),
        ArbMap.Default.GeneratorFor<DateTime>().Select(time => (object?)DateTime.SpecifyKind(time, DateTimeKind.Utc)),
        Gen.Elements("", "pending", "completed_with_errors", "ÆØÅ 😀").Select(text => (object?)text));

    // RFC 4648 §10.
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY======")]
    [InlineData("fo", "MZXQ====")]
    [InlineData("foo", "MZXW6===")]
    [InlineData("foob", "MZXW6YQ=")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI======")]
    public void Base32_follows_the_vectors_of_its_RFC(string text, string encoded)
    {
        Base32.Encode(Encoding.ASCII.GetBytes(text)).ShouldBe(encoded);
        Base32.TryDecode(encoded, out var bytes).ShouldBeTrue();
        bytes.ShouldBe(Encoding.ASCII.GetBytes(text));
    }

    [Theory]
    [InlineData("MY")]
    [InlineData("MZ======")]   // a bit set that no byte holds
    [InlineData("my======")]
    [InlineData("M1======")]
    [InlineData("========")]
    [InlineData("MY====== ")]
    [InlineData("MZXW6YQ=MZXW6YQ=")]
    public void Base32_reads_nothing_it_would_not_write(string text) => Base32.TryDecode(text, out _).ShouldBeFalse();

    [Fact]
    public void Any_row_comes_back_as_it_was_in_the_contracts_alphabet() =>
        Prop.ForAll(Value.ListOf().ToArbitrary(), values =>
        {
            var cursor = PageCursor.Write([.. values], "list", Key);
            ContractAlphabet().IsMatch(cursor).ShouldBeTrue(cursor);
            PageCursor.Read(cursor, "list", Key).ShouldBe(values);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void One_changed_character_makes_it_nobodys()
    {
        var cursor = PageCursor.Write([17L, Guid.Empty], "list", Key);
        for (var at = 0; at < cursor.Length; at++)
        {
            var changed = cursor.ToCharArray();
            changed[at] = changed[at] == 'A' ? 'B' : 'A';
            PageCursor.Read(new string(changed), "list", Key).ShouldBeNull();
        }
    }

    [Fact]
    public void It_is_read_for_its_own_list_and_with_its_own_key_only()
    {
        var cursor = PageCursor.Write([17L], "list", Key);

        PageCursor.Read(cursor, "list", Key).ShouldNotBeNull();
        PageCursor.Read(cursor, "lis", Key).ShouldBeNull();
        PageCursor.Read(cursor, "list", SHA256.HashData("another key"u8)).ShouldBeNull();
    }

    [GeneratedRegex("^[A-Z2-7=~]+$")]
    private static partial Regex ContractAlphabet();
}
