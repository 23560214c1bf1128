using FsCheck;
using FsCheck.Fluent;
using Ledger.Cli.Money;

namespace Ledger.Cli.Tests.Money;

public sealed class MinorUnitsTests
{
    [Theory]
    [InlineData("10000", 2, 1000000)]
    [InlineData("11367.50", 2, 1136750)]
    [InlineData("0.05", 2, 5)]
    [InlineData("-.5", 2, -50)]
    [InlineData("+7.", 2, 700)]
    [InlineData(" 12.5000 ", 2, 1250)]
    [InlineData("1500", 0, 1500)]
    [InlineData("1500.00", 0, 1500)]
    [InlineData("1.234", 3, 1234)]
    [InlineData("00000000000000000000000000000000001", 2, 100)]
    [InlineData("92233720368547758.07", 2, long.MaxValue)]
    [InlineData("-92233720368547758.08", 2, long.MinValue)]
    [InlineData("0.1", 2, 10)]
    public void Reads_a_decimal_exactly(string text, int exponent, long minor)
    {
        MinorUnits.TryParse(text, exponent, out var read).ShouldBeTrue();
        read.ShouldBe(minor);
    }

    [Theory]
    [InlineData("12.345", 2)]
    [InlineData("0.5", 0)]
    [InlineData("12,50", 2)]
    [InlineData("1 000", 2)]
    [InlineData("1e3", 2)]
    [InlineData("", 2)]
    [InlineData("-", 2)]
    [InlineData(".", 2)]
    [InlineData("--1", 2)]
    [InlineData("1.2.3", 2)]
    [InlineData("NaN", 2)]
    [InlineData("١٢", 2)]
    [InlineData("92233720368547758.08", 2)]
    [InlineData("99999999999999999999999999999999999999999999999999", 2)]
    public void Refuses_what_would_have_to_be_rounded_or_guessed(string text, int exponent) =>
        MinorUnits.TryParse(text, exponent, out _).ShouldBeFalse();

    [Fact]
    public void Reads_back_every_amount_it_writes() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<long>(),
            Gen.Choose(0, 4).ToArbitrary(),
            (minor, exponent) =>
                MinorUnits.TryParse(MinorUnits.Format(minor, exponent, grouped: false), exponent, out var read) && read == minor)
        .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(948704935, 2, "9,487,049.35")]
    [InlineData(-5, 2, "-0.05")]
    [InlineData(1234567, 0, "1,234,567")]
    [InlineData(1, 3, "0.001")]
    public void Groups_thousands_for_the_eye(long minor, int exponent, string text) =>
        MinorUnits.Format(minor, exponent, grouped: true).ShouldBe(text);

    [Theory]
    [InlineData("NOK", 2)]
    [InlineData("JPY", 0)]
    [InlineData("KWD", 3)]
    [InlineData("UYW", 4)]
    public void Knows_the_minor_unit_of_a_currency(string currency, int exponent)
    {
        Currencies.TryGetExponent(currency, out var found).ShouldBeTrue();
        found.ShouldBe(exponent);
    }

    [Theory]
    [InlineData("NOR")]   // the country code, as the sample file has it by mistake
    [InlineData("nok")]
    [InlineData("")]
    public void Does_not_guess_the_minor_unit_of_an_unknown_code(string currency) =>
        Currencies.TryGetExponent(currency, out _).ShouldBeFalse();
}
