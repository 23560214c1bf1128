using System.Text.Json;
using Ledger.Cli.Terminal;

namespace Ledger.Cli.Timeline;

internal static class TimelineData
{
    private const int Longest = 160;

    /// <summary>The plain members of an event's data as <c>name=value</c>; nested ones (lines, facets) are left to <c>--json</c>.</summary>
    public static string InShort(JsonElement data)
    {
        if (data.ValueKind != JsonValueKind.Object) return "";
        var parts = data.EnumerateObject()
            .Where(member => member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
            .Select(member => $"{member.Name}={member.Value}");
        var text = Printable.Line(string.Join(", ", parts));
        return text.Length <= Longest ? text : text[..(Longest - 1)] + "…";
    }
}
