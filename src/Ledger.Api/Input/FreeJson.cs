using System.Globalization;
using System.Text.Json;

namespace Ledger.Api.Input;

/// <summary>Checks JSON that is stored as given: PostgreSQL's <c>jsonb</c> holds any of it but numbers beyond its <c>numeric</c>.</summary>
public static class FreeJson
{
    private const int LongestNumber = 100;
    private const int LargestExponent = 308;

    /// <returns>The pointer, relative to the element, of the first number that is too large or too long; null when all is well.</returns>
    public static string? FirstUnstorable(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Number:
                return IsStorable(element.GetRawText()) ? null : "";
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in element.EnumerateArray())
                {
                    if (FirstUnstorable(item) is { } below) return string.Create(CultureInfo.InvariantCulture, $"/{index}{below}");
                    index++;
                }
                return null;
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    if (FirstUnstorable(member.Value) is { } below) return $"/{JsonPlace.Escape(member.Name)}{below}";
                }
                return null;
            default:
                return null;
        }
    }

    private static bool IsStorable(ReadOnlySpan<char> number)
    {
        if (number.Length > LongestNumber) return false;
        var e = number.IndexOfAny('e', 'E');
        return e < 0 || (int.TryParse(number[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent) && Math.Abs(exponent) <= LargestExponent);
    }
}
