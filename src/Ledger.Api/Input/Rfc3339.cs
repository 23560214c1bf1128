using System.Globalization;

namespace Ledger.Api.Input;

/// <summary>Times of RFC 3339 §5.6, no other notation. Seconds stop at 59: neither .NET nor PostgreSQL can hold a leap second.</summary>
public static class Rfc3339
{
    /// <param name="time">In UTC; digits past microseconds, PostgreSQL's precision, are cut off, never rounded into the next second.</param>
    /// <remarks>Year 1 at midnight is refused: it is what unset .NET dates look like, and Npgsql would store it as minus infinity.</remarks>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length < 20 || text[10] is not ('T' or 't') || !TryDate(text[..10], out var date)) return false;
        if (!Digits(text[11..13], 23, out var hour) || text[13] != ':' || !Digits(text[14..16], 59, out var minute)
            || text[16] != ':' || !Digits(text[17..19], 59, out var second)) return false;

        var rest = text[19..];
        var microseconds = 0L;
        if (rest[0] == '.')
        {
            var digits = 0;
            while (digits + 1 < rest.Length && char.IsAsciiDigit(rest[digits + 1])) digits++;
            if (digits == 0) return false;
            for (var i = 0; i < 6; i++) microseconds = (microseconds * 10) + (i < digits ? rest[i + 1] - '0' : 0);
            rest = rest[(digits + 1)..];
        }
        if (!TryOffset(rest, out var offset)) return false;

        var ticks = date.ToDateTime(new TimeOnly(hour, minute, second)).Ticks + (microseconds * TimeSpan.TicksPerMicrosecond) - offset.Ticks;
        if (ticks <= DateTimeOffset.MinValue.Ticks || ticks > DateTimeOffset.MaxValue.Ticks) return false;
        time = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }

    /// <summary>A <c>full-date</c>, as its midnight in UTC.</summary>
    public static bool TryParseDate(ReadOnlySpan<char> text, out DateTimeOffset midnight)
    {
        var exists = TryDate(text, out var date) && date > DateOnly.MinValue;
        midnight = exists ? new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : default;
        return exists;
    }

    private static bool TryDate(ReadOnlySpan<char> text, out DateOnly date) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);

    private static bool TryOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = default;
        if (text is "Z" or "z") return true;
        if (text.Length != 6 || text[0] is not ('+' or '-') || text[3] != ':') return false;
        if (!Digits(text[1..3], 23, out var hours) || !Digits(text[4..6], 59, out var minutes)) return false;
        offset = new TimeSpan(hours, minutes, 0) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool Digits(ReadOnlySpan<char> text, int max, out int value)
    {
        value = ((text[0] - '0') * 10) + text[1] - '0';
        return char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[1]) && value <= max;
    }
}
