using System.Globalization;
using System.Text.RegularExpressions;

namespace Ledger.Api.Dialects.AccountingEntries;

/// <summary>
/// The date-times of this dialect's query: RFC 3339, or without a zone and then UTC, or a bare date and then midnight UTC.
/// Digits past microseconds are cut off. Everything else PHP would guess a meaning for is refused.
/// </summary>
internal static partial class DateTimeText
{
    public const string Expected =
        "a date-time such as 2024-01-31T12:00:00Z, 2024-01-31T12:00:00+01:00, 2024-01-31 12:00 (UTC) or 2024-01-31 (midnight UTC)";

    private const string CanonicalFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>The one spelling texts are compared with: UTC, always six digits of fraction.</summary>
    public static string Canonical(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString(CanonicalFormat, CultureInfo.InvariantCulture);

    /// <param name="instant">In UTC, year 1 to 9999, a whole number of microseconds.</param>
    public static bool TryParse(string text, out DateTimeOffset instant)
    {
        instant = default;
        var match = BareDate().Match(text);
        if (!match.Success) match = WithoutZone().Match(text);
        if (!match.Success) match = WithZone().Match(text);
        if (!match.Success || !TryDate(match, out var ticks)) return false;

        int hour = Number(match, "hour"), minute = Number(match, "minute"), second = Number(match, "second");
        if (hour > 23 || minute > 59 || second > 59) return false;
        int offsetHour = Number(match, "offset_hour"), offsetMinute = Number(match, "offset_minute");
        if (offsetHour > 23 || offsetMinute > 59) return false;

        var offset = new TimeSpan(offsetHour, offsetMinute, 0);
        ticks += new TimeSpan(hour, minute, second).Ticks + FractionTicks(match.Groups["fraction"].Value);
        ticks -= match.Groups["sign"].Value == "-" ? -offset.Ticks : offset.Ticks;
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks) return false;
        instant = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }

    private static bool TryDate(Match match, out long ticks)
    {
        int year = Number(match, "year"), month = Number(match, "month"), day = Number(match, "day");
        var exists = year >= 1 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);
        ticks = exists ? new DateTime(year, month, day).Ticks : 0;
        return exists;
    }

    private static long FractionTicks(string digits) =>
        digits.Length == 0 ? 0 : long.Parse(digits.PadRight(6, '0').AsSpan(0, 6), CultureInfo.InvariantCulture) * TimeSpan.TicksPerMicrosecond;

    private static int Number(Match match, string group) =>
        match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture) : 0;

    private const string Date = @"\A(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})";
    private const string Minutes = @"[Tt ](?<hour>[0-9]{2}):(?<minute>[0-9]{2})";

    [GeneratedRegex(Date + @"\z", RegexOptions.CultureInvariant)]
    private static partial Regex BareDate();

    [GeneratedRegex(Date + Minutes + @"(:(?<second>[0-9]{2})(\.(?<fraction>[0-9]{1,9}))?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex WithoutZone();

    // A sign that is a space was a plus: it was not percent-encoded, and a plus in a query string is a space.
    [GeneratedRegex(Date + Minutes + @":(?<second>[0-9]{2})(\.(?<fraction>[0-9]+))?([Zz]|(?<sign>[-+ ])(?<offset_hour>[0-9]{2}):(?<offset_minute>[0-9]{2}))\z", RegexOptions.CultureInvariant)]
    private static partial Regex WithZone();
}
