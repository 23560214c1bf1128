using System.Globalization;
using System.Text.Json;

namespace Ledger.Docs.Tests.Sessions;

/// <summary>One curl of a session and its answer.</summary>
internal sealed record Call(int Line, IReadOnlyList<string> Arguments, int Status, string MediaType, string Body)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public string Address => Arguments.First(argument => argument.StartsWith("http://", StringComparison.Ordinal));

    /// <param name="folder">Written by recorded-curl.sh.</param>
    public static Call Read(string folder)
    {
        var head = File.ReadAllLines(Path.Combine(folder, "head"));
        var body = File.ReadAllText(Path.Combine(folder, "body"));
        // With -i the head is printed, too.
        if (body.StartsWith("HTTP/", StringComparison.Ordinal)) body = body[(body.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        return new(
            int.Parse(File.ReadAllText(Path.Combine(folder, "line")), CultureInfo.InvariantCulture),
            File.ReadAllLines(Path.Combine(folder, "arguments")),
            int.Parse(head.Last(line => line.StartsWith("HTTP/", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture),
            head.LastOrDefault(line => line.StartsWith("Content-Type:", StringComparison.OrdinalIgnoreCase))?["Content-Type:".Length..].Split(';')[0].Trim() ?? "",
            body);
    }

    /// <summary>Why this is not an answer the APIs give; null: it is one.</summary>
    public string? Fault(int? expected)
    {
        if (expected is null ? Status is < 200 or > 299 : Status != expected) return $"{Status} instead of {expected?.ToString(CultureInfo.InvariantCulture) ?? "success"}: {Body}";
        if (Body.Length == 0) return Status is 202 or 204 or 304 ? null : $"{Status} without a body";
        return Documents().FirstOrDefault(text => !IsJson(text)) is { } text ? $"not JSON: {text}" : null;
    }

    private IEnumerable<string> Documents() => MediaType switch
    {
        "application/x-ndjson" => Body.Split('\n', StringSplitOptions.RemoveEmptyEntries),
        "text/event-stream" => Body.Split('\n').Where(line => line.StartsWith("data:", StringComparison.Ordinal)).Select(line => line["data:".Length..]),
        _ => [Body],
    };

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
