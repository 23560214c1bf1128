using System.Text;
using System.Text.Json.Nodes;

namespace Ledger.Faults.Fuzzing;

/// <summary>A place in a JSON text: the names and indices that lead to it.</summary>
internal sealed record JsonPlace(string Path, string Member, JsonNode? Value, bool IsMember);

/// <summary>Writes JSON that no serialiser would write: any place may hold any text.</summary>
internal static class JsonText
{
    /// <summary>Every place of the text, its root first.</summary>
    public static IEnumerable<JsonPlace> Places(JsonNode? node, string path = "", string member = "", bool isMember = false)
    {
        yield return new(path, member, node, isMember);
        var below = node switch
        {
            JsonObject members => members.SelectMany(pair => Places(pair.Value, $"{path}/{pair.Key}", pair.Key, true)),
            JsonArray items => items.SelectMany((item, index) => Places(item, $"{path}/{index}", member)),
            _ => [],
        };
        foreach (var place in below) yield return place;
    }

    /// <param name="replaced">What is written at a place instead; an empty text leaves the member out.</param>
    /// <param name="added">Written as further members of the object at a place.</param>
    public static string Write(JsonNode? node, IReadOnlyDictionary<string, string> replaced, IReadOnlyDictionary<string, string>? added = null)
    {
        var text = new StringBuilder();
        Write(text, node, "", replaced, added ?? new Dictionary<string, string>());
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonNode? node, string path, IReadOnlyDictionary<string, string> replaced, IReadOnlyDictionary<string, string> added)
    {
        if (replaced.TryGetValue(path, out var other))
        {
            text.Append(other);
            return;
        }
        switch (node)
        {
            case JsonObject members:
                var isFirst = true;
                text.Append('{');
                foreach (var (name, value) in members)
                {
                    var below = $"{path}/{name}";
                    if (replaced.TryGetValue(below, out var nothing) && nothing.Length == 0) continue;
                    text.Append(isFirst ? "" : ",").Append(JsonValue.Create(name).ToJsonString()).Append(':');
                    Write(text, value, below, replaced, added);
                    isFirst = false;
                }
                if (added.TryGetValue(path, out var more)) text.Append(isFirst ? "" : ",").Append(more);
                text.Append('}');
                break;
            case JsonArray items:
                text.Append('[');
                for (var index = 0; index < items.Count; index++)
                {
                    if (index > 0) text.Append(',');
                    Write(text, items[index], $"{path}/{index}", replaced, added);
                }
                text.Append(']');
                break;
            default:
                text.Append(node is null ? "null" : node.ToJsonString());
                break;
        }
    }
}
