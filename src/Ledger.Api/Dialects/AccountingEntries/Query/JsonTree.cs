using System.Text.Json;

namespace Ledger.Api.Dialects.AccountingEntries.Query;

/// <summary>JSON text inside a parameter, as the same tree the bracket syntax gives. The original refuses such text; it is our extension.</summary>
internal static class JsonTree
{
    private static readonly JsonDocumentOptions Strict = new()
    {
        AllowDuplicateProperties = false,
        MaxDepth = 32,
    };

    /// <returns>Null when the text is not JSON; <paramref name="problem"/> then says where.</returns>
    public static QueryNode? Parse(string json, out string problem)
    {
        problem = "";
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return From(document.RootElement);
        }
        catch (JsonException exception)
        {
            problem = exception.BytePositionInLine is { } position
                ? $"neither brackets nor JSON text: cannot be read as JSON at byte {position}"
                : "neither brackets nor JSON text: cannot be read as JSON";
            return null;
        }
        catch (InvalidOperationException)
        {
            problem = "JSON text with a lone surrogate";   // \ud800 is JSON, yet no text
            return null;
        }
    }

    private static QueryNode From(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new QueryNode.Branch();
                foreach (var member in element.EnumerateObject()) members.Set(member.Name, From(member.Value));
                return members;
            case JsonValueKind.Array:
                var elements = new QueryNode.Branch();
                foreach (var item in element.EnumerateArray()) elements.TryAppend(From(item));
                return elements;
            case JsonValueKind.String:
                return new QueryNode.Text(element.GetString()!);
            case JsonValueKind.Number:
                return new QueryNode.Number(element.GetRawText());
            case JsonValueKind.True or JsonValueKind.False:
                return new QueryNode.Boolean(element.GetBoolean());
            default:
                return new QueryNode.Null();
        }
    }
}
