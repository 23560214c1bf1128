using System.Globalization;
using FsCheck.Fluent;
using Ledger.Domain.Records;
using Ledger.Domain.Tests.GivenWhenThen;

namespace Ledger.Domain.Tests.Records;

public class TheNumberOfARecordTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("42", 42)]
    [InlineData("1000000000001", 1_000_000_000_001)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void Is_the_id_when_the_id_is_a_decimal_number(string id, long expected) => RecordIdentity.NumberOf(new(id)).ShouldBe(expected);

    [Theory]
    [InlineData("0")]
    [InlineData("00")]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("9223372036854775808")]
    [InlineData("9999999999999999999")]
    [InlineData("10000000000000000000")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("1,000")]
    [InlineData("0x1")]
    [InlineData("1a")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1\n")]
    [InlineData("1\u0000")]
    [InlineData("1\u0000\u0000")]
    [InlineData("\u0661\u0662")]
    [InlineData("1\u0662")]
    [InlineData("\uFF11")]
    [InlineData("")]
    [InlineData("EUR")]
    public void Is_to_be_drawn_for_any_other_id(string id) => RecordIdentity.NumberOf(new(id)).ShouldBeNull();

    [Fact]
    public void Belongs_to_no_two_ids() =>
        Always.Holds(from seed in Gen.Choose(0, int.MaxValue) from scale in Gen.Choose(0, 4) select Math.Max(1, seed * (long)Math.Pow(1000, scale) / 7), number =>
        {
            var written = number.ToString(CultureInfo.InvariantCulture);
            RecordIdentity.NumberOf(new(written)).ShouldBe(number);
            foreach (var decorated in new[] { "0" + written, "+" + written, written + "\0", " " + written, written + ".", written + "0000000000000000000" })
                RecordIdentity.NumberOf(new(decorated)).ShouldBeNull();
        });

    [Fact]
    public void Stays_exact_in_JavaScript_for_a_lifetime_of_drawn_ones() =>
        (RecordIdentity.FirstDrawnNumber + 1_000_000_000_000_000).ShouldBeLessThan(1L << 53);
}
