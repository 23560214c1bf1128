using System.Globalization;
using System.Text;
using System.Text.Json;
using Ledger.Api.Errors;

namespace Ledger.Api.Input;

/// <summary>Walks a refused document again to say where the first fault is.</summary>
internal static class JsonInspector
{
    public static FaultDetail? FirstFault(ReadOnlySpan<byte> utf8, JsonLimits limits)
    {
        var path = new List<Level>();
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { AllowTrailingCommas = limits.AllowTrailingCommas, MaxDepth = limits.MaxDepth + 1 });
        try
        {
            while (reader.Read())
            {
                if (Refused(ref reader, path, limits) is { } message) return new FaultDetail(Pointer(path), message);
            }
            return null;
        }
        catch (JsonException exception)
        {
            return Syntax(Pointer(path), exception);
        }
    }

    public static FaultDetail Syntax(string pointer, JsonException exception) => new(pointer,
        string.Create(CultureInfo.InvariantCulture, $"Not valid JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}."));

    private static string? Refused(ref Utf8JsonReader reader, List<Level> path, JsonLimits limits)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                path.RemoveAt(path.Count - 1);
                return null;
            case JsonTokenType.PropertyName:
                if (JsonEscapes.FirstRefused(reader.ValueSpan) is { } unwritable)
                {
                    path[^1].Name = null;
                    return $"A member name is wrong: {unwritable}";
                }
                path[^1].Name = reader.GetString()!;
                return path[^1].Names.Add(path[^1].Name!) ? null : "The member occurs twice in its object.";
        }
        if (path.Count > 0) path[^1].Index++;
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            path.Add(new Level(reader.TokenType is JsonTokenType.StartArray));
            return path.Count > limits.MaxDepth ? $"Nested deeper than {limits.MaxDepth} levels." : null;
        }
        return reader.TokenType is JsonTokenType.String && reader.ValueIsEscaped ? JsonEscapes.FirstRefused(reader.ValueSpan) : null;
    }

    private static string Pointer(List<Level> path)
    {
        var pointer = new StringBuilder();
        foreach (var level in path)
        {
            if (level.IsArray && level.Index >= 0) pointer.Append(CultureInfo.InvariantCulture, $"/{level.Index}");
            else if (level.Name is { } name) pointer.Append('/').Append(JsonPlace.Escape(name));
        }
        return pointer.ToString();
    }

    /// <summary>One open object or array and the member or element the walk is at.</summary>
    private sealed class Level(bool isArray)
    {
        public bool IsArray { get; } = isArray;
        public int Index { get; set; } = -1;
        public string? Name { get; set; }
        public HashSet<string> Names { get; } = new(StringComparer.Ordinal);
    }
}
