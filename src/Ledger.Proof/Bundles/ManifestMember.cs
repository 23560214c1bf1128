using System.Text.Json;
using Ledger.Proof.Tree;

namespace Ledger.Proof.Bundles;

/// <summary>Members of the manifest by name and kind; what is not as it should be is named.</summary>
internal static class ManifestMember
{
    public static string Text(JsonElement parent, string name) => OptionalText(parent, name) ?? throw new FormatException($"The member {name} is null.");

    public static string? OptionalText(JsonElement parent, string name)
    {
        var member = Of(parent, name);
        return member.ValueKind switch
        {
            JsonValueKind.String => member.GetString(),
            JsonValueKind.Null => null,
            _ => throw new FormatException($"The member {name} is no text."),
        };
    }

    public static long Number(JsonElement parent, string name) =>
        Of(parent, name) is { ValueKind: JsonValueKind.Number } member && member.TryGetInt64(out var number) && number >= 0 ? number : throw new FormatException($"The member {name} is no count.");

    public static Digest Hash(JsonElement parent, string name) =>
        Digest.TryParseHex(Text(parent, name), out var hash) ? hash : throw new FormatException($"The member {name} is not 64 hex digits.");

    public static JsonElement Object(JsonElement parent, string name) =>
        Of(parent, name) is { ValueKind: JsonValueKind.Object } member ? member : throw new FormatException($"The member {name} is no object.");

    public static IEnumerable<JsonElement> Array(JsonElement parent, string name) =>
        Of(parent, name) is { ValueKind: JsonValueKind.Array } member ? member.EnumerateArray() : throw new FormatException($"The member {name} is no list.");

    public static string[] Texts(JsonElement parent, string name) =>
        [.. Array(parent, name).Select(text => text.ValueKind == JsonValueKind.String ? text.GetString()! : throw new FormatException($"The member {name} is no list of texts."))];

    private static JsonElement Of(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) ? member : throw new FormatException($"The member {name} is missing.");
}
