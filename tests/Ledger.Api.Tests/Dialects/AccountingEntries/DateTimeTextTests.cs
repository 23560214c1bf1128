using Ledger.Api.Dialects.AccountingEntries;

namespace Ledger.Api.Tests.Dialects.AccountingEntries;

/// <summary>Which texts are date-times, and which instant each one is.</summary>
public sealed class DateTimeTextTests
{
    [Theory]
    [InlineData("2024-01-31T12:30:15Z", "2024-01-31T12:30:15.000000Z")]
    [InlineData("2024-01-31t12:30:15z", "2024-01-31T12:30:15.000000Z")]
    [InlineData("2024-01-31 12:30:15Z", "2024-01-31T12:30:15.000000Z")]
    [InlineData("2024-01-31T12:30:15.25Z", "2024-01-31T12:30:15.250000Z")]
    [InlineData("2024-01-31T12:30:15+02:00", "2024-01-31T10:30:15.000000Z")]
    [InlineData("2024-01-31T12:30:15-05:30", "2024-01-31T18:00:15.000000Z")]
    [InlineData("2024-01-31T00:30:15+23:59", "2024-01-30T00:31:15.000000Z")]
    [InlineData("2024-01-31T12:30", "2024-01-31T12:30:00.000000Z")]
    [InlineData("2024-01-31 12:30", "2024-01-31T12:30:00.000000Z")]
    [InlineData("2024-01-31 12:30:15", "2024-01-31T12:30:15.000000Z")]
    [InlineData("2024-01-31T12:30:15.123456789", "2024-01-31T12:30:15.123456Z")]
    [InlineData("2024-01-31", "2024-01-31T00:00:00.000000Z")]
    [InlineData("2024-02-29", "2024-02-29T00:00:00.000000Z")]
    [InlineData("0001-01-01", "0001-01-01T00:00:00.000000Z")]
    [InlineData("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z")]
    public void Rule_10_formats(string text, string canonical) => Read(text).ShouldBe(canonical);

    [Theory]
    [InlineData("2024-01-31T12:30:15.1234569Z", "2024-01-31T12:30:15.123456Z")]
    [InlineData("2024-01-31T12:30:15.9999999Z", "2024-01-31T12:30:15.999999Z")]
    [InlineData("2024-01-31T12:30:15.0000009999+01:00", "2024-01-31T11:30:15.000000Z")]
    [InlineData("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999Z")]
    public void Rule_10_digits_past_microseconds_are_cut_off(string text, string canonical) => Read(text).ShouldBe(canonical);

    [Theory]
    [InlineData("2024-01-31T12:30:15 02:00", "2024-01-31T10:30:15.000000Z")]
    [InlineData("2024-01-31 12:30:15 02:00", "2024-01-31T10:30:15.000000Z")]
    [InlineData("2024-01-31T12:30:15.5 02:00", "2024-01-31T10:30:15.500000Z")]
    public void Rule_10_a_space_before_the_offset_was_an_unescaped_plus(string text, string canonical) => Read(text).ShouldBe(canonical);

    [Theory]
    [InlineData("1704067200"), InlineData("@1704067200"), InlineData("yesterday"), InlineData("now"), InlineData("2024"), InlineData("2024-01")]
    [InlineData("01/02/2024"), InlineData("20240131"), InlineData("2024-1-31"), InlineData("2024-02-30"), InlineData("2023-02-29"), InlineData("2024-00-10")]
    [InlineData("2024-13-01"), InlineData("2024-01-00"), InlineData("2024-01-31T24:00:00"), InlineData("2024-01-31T12:60:00"), InlineData("2024-01-31T23:59:60Z")]
    [InlineData("0000-01-01"), InlineData("10000-01-01"), InlineData("-001-01-01"), InlineData("0001-01-01T00:00:00+00:01"), InlineData("9999-12-31T23:59:59-00:01")]
    [InlineData("2024-01-31T12"), InlineData("2024-01-31T12:30:15."), InlineData("2024-01-31T12:30:15.1234567890"), InlineData("2024-01-31T12:30.5")]
    [InlineData("2024-01-31Z"), InlineData("2024-01-31T12:30Z"), InlineData("2024-01-31T12:30:15+02"), InlineData("2024-01-31T12:30:15+0200")]
    [InlineData("2024-01-31T12:30:15+24:00"), InlineData("2024-01-31T12:30:15+02:60"), InlineData("2024-01-31T12:30:15  02:00"), InlineData("2024-01-31T12:30 02:00")]
    [InlineData("2024-01-31  12:30"), InlineData("2024-01-31T12:30:15Z\n"), InlineData("２０２４-01-31"), InlineData("2024-01-31T12:30:15 Europe/Oslo"), InlineData("")]
    public void Rule_11_everything_else_is_refused(string text) => DateTimeText.TryParse(text, out _).ShouldBeFalse();

    private static string Read(string text)
    {
        DateTimeText.TryParse(text, out var instant).ShouldBeTrue();
        instant.Offset.ShouldBe(TimeSpan.Zero);
        return DateTimeText.Canonical(instant);
    }
}
