using System.Globalization;
using System.Text.Json;

namespace Ledger.Api.Tests.Dialects.ExportJobs;

/// <summary>Checks a value against the subset of OpenAPI 3.0 schemas that the contract uses. Members no schema names are faults, too.</summary>
internal sealed class JsonSchema(JsonElement document)
{
    // The contract declares them as plain strings and sends null for them in its own examples.
    private static readonly HashSet<string> NullInPractice = ["failureReasonType", "subType"];

    /// <returns>One sentence per fault, with the place.</returns>
    public List<string> Faults(string schemaName, JsonElement value)
    {
        var faults = new List<string>();
        Check(Named(schemaName), value, "$", "", faults);
        return faults;
    }

    public JsonElement Named(string name) => document.GetProperty("components").GetProperty("schemas").GetProperty(name);

    private void Check(JsonElement schema, JsonElement value, string at, string member, List<string> faults)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            Check(Named(reference.GetString()!.Split('/')[^1]), value, at, member, faults);
            return;
        }
        if (value.ValueKind is JsonValueKind.Null)
        {
            if (!(schema.TryGetProperty("nullable", out var nullable) && nullable.GetBoolean()) && !NullInPractice.Contains(member)) faults.Add($"{at} is null.");
            return;
        }
        if (schema.TryGetProperty("enum", out var words) && !words.EnumerateArray().Any(word => JsonElement.DeepEquals(word, value))) faults.Add($"{at} is {value}, not one of the list.");
        switch (schema.GetProperty("type").GetString())
        {
            case "object":
                CheckObject(schema, value, at, faults);
                break;
            case "array":
                CheckArray(schema, value, at, faults);
                break;
            case "string":
                CheckString(schema, value, at, faults);
                break;
            case "integer":
                if (value.ValueKind is not JsonValueKind.Number || !value.TryGetInt64(out var whole) || (Format(schema) == "int32" && whole is < int.MinValue or > int.MaxValue)) faults.Add($"{at} is no {Format(schema)}.");
                break;
            case "number":
                if (value.ValueKind is not JsonValueKind.Number) faults.Add($"{at} is no number.");
                break;
            case "boolean":
                if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) faults.Add($"{at} is no boolean.");
                break;
            case var other:
                throw new NotSupportedException($"Type {other} at {at}.");
        }
    }

    private void CheckObject(JsonElement schema, JsonElement value, string at, List<string> faults)
    {
        if (value.ValueKind is not JsonValueKind.Object)
        {
            faults.Add($"{at} is no object.");
            return;
        }
        if (schema.TryGetProperty("required", out var required))
            faults.AddRange(required.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)).Select(name => $"{at}.{name} is missing."));
        var properties = schema.TryGetProperty("properties", out var known) ? known : default;
        foreach (var member in value.EnumerateObject())
        {
            if (properties.ValueKind is JsonValueKind.Object && properties.TryGetProperty(member.Name, out var property)) Check(property, member.Value, $"{at}.{member.Name}", member.Name, faults);
            else if (schema.TryGetProperty("additionalProperties", out var any)) Check(any, member.Value, $"{at}.{member.Name}", member.Name, faults);
            else faults.Add($"{at}.{member.Name} is not in the contract.");
        }
    }

    private void CheckArray(JsonElement schema, JsonElement value, string at, List<string> faults)
    {
        if (value.ValueKind is not JsonValueKind.Array)
        {
            faults.Add($"{at} is no array.");
            return;
        }
        var index = 0;
        foreach (var element in value.EnumerateArray()) Check(schema.GetProperty("items"), element, $"{at}[{index++}]", "", faults);
        if (schema.TryGetProperty("uniqueItems", out var unique) && unique.GetBoolean() && value.EnumerateArray().Select(element => element.GetRawText()).Distinct().Count() != index) faults.Add($"{at} repeats itself.");
    }

    private static void CheckString(JsonElement schema, JsonElement value, string at, List<string> faults)
    {
        if (value.ValueKind is not JsonValueKind.String)
        {
            faults.Add($"{at} is no string.");
            return;
        }
        var text = value.GetString()!;
        var valid = Format(schema) switch
        {
            "uuid" => Guid.TryParseExact(text, "D", out var uuid) && uuid.ToString("D") == text,
            // "pattern" is a hint for people here (YYYY-MM-DD), never a regular expression: dates are either.
            "date-time" => DateTime.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            _ => true,
        };
        if (!valid) faults.Add($"{at} is '{text}', no {Format(schema)}.");
        if (schema.TryGetProperty("minLength", out var min) && text.Length < min.GetInt32()) faults.Add($"{at} is too short.");
        if (schema.TryGetProperty("maxLength", out var max) && text.Length > max.GetInt32()) faults.Add($"{at} is too long.");
    }

    private static string? Format(JsonElement schema) => schema.TryGetProperty("format", out var format) ? format.GetString() : null;
}
