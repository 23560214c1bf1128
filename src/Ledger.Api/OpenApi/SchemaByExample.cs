using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Api.Input;
using Microsoft.OpenApi;

namespace Ledger.Api.OpenApi;

/// <summary>Reads a schema off examples. It says which members there are and of which types; which values are allowed is said in words.</summary>
internal static class SchemaByExample
{
    /// <param name="examples">Of one body; members that only some of them have are in the schema too.</param>
    public static OpenApiSchema Of(IReadOnlyList<JsonNode?> examples)
    {
        var kinds = examples.Select(Kind).Aggregate((JsonSchemaType)0, (all, kind) => all | kind);
        // A whole number beside a fraction is a number; null beside anything makes it nullable.
        if (kinds.HasFlag(JsonSchemaType.Number)) kinds &= ~JsonSchemaType.Integer;
        var schema = new OpenApiSchema { Type = kinds };
        var values = examples.OfType<JsonValue>().ToList();
        if (kinds.HasFlag(JsonSchemaType.String)) schema.Format = Format(values);
        if (kinds.HasFlag(JsonSchemaType.Integer)) schema.Format = "int64";
        if (examples.OfType<JsonArray>().SelectMany(array => array).ToList() is { Count: > 0 } items) schema.Items = Of(items);
        else if (kinds.HasFlag(JsonSchemaType.Array)) schema.Items = new OpenApiSchema();
        var objects = examples.OfType<JsonObject>().ToList();
        if (objects.Count == 0) return schema;
        schema.Properties = objects.SelectMany(found => found.Select(member => member.Key)).Distinct()
            .ToDictionary(name => name, IOpenApiSchema (name) => Of([.. objects.Where(found => found.ContainsKey(name)).Select(found => found[name])]));
        return schema;
    }

    /// <summary>The schema of a parameter, whose example is text.</summary>
    public static OpenApiSchema OfText(string example) => Of([Value(example)]);

    /// <summary>Text as the JSON value it stands for in an address.</summary>
    public static JsonNode Value(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number)
        : text is "true" or "false" ? JsonValue.Create(text == "true")
        : JsonValue.Create(text);

    private static JsonSchemaType Kind(JsonNode? node) => node?.GetValueKind() switch
    {
        null => JsonSchemaType.Null,
        JsonValueKind.Object => JsonSchemaType.Object,
        JsonValueKind.Array => JsonSchemaType.Array,
        JsonValueKind.String => JsonSchemaType.String,
        JsonValueKind.Number => IsWhole(node) ? JsonSchemaType.Integer : JsonSchemaType.Number,
        _ => JsonSchemaType.Boolean,
    };

    private static bool IsWhole(JsonNode node) => node.ToJsonString().AsSpan().IndexOfAny(".eE") < 0;

    private static string? Format(List<JsonValue> values)
    {
        var texts = values.Where(value => value.GetValueKind() == JsonValueKind.String).Select(value => value.GetValue<string>()).ToList();
        if (texts.TrueForAll(text => Guid.TryParseExact(text, "D", out _))) return "uuid";
        if (texts.TrueForAll(text => Rfc3339.TryParse(text, out _))) return "date-time";
        return texts.TrueForAll(text => Rfc3339.TryParseDate(text, out _)) ? "date" : null;
    }
}
