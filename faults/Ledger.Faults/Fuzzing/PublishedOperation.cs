using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ledger.Faults.Fuzzing;

/// <summary>A parameter of an operation, as its document describes it.</summary>
/// <param name="Place"><c>path</c>, <c>query</c> or <c>header</c>.</param>
internal sealed record PublishedParameter(string Place, string Name, string Example, bool IsRequired);

/// <summary>An operation as the service itself publishes it: whatever is added to the service is found here without a change.</summary>
/// <param name="Bodies">Media types of the body with their examples; empty: none is taken.</param>
/// <param name="Answers">By status: media type and examples.</param>
internal sealed partial record PublishedOperation(
    string Method, string Path, IReadOnlyList<PublishedParameter> Parameters, IReadOnlyDictionary<string, IReadOnlyList<JsonNode?>> Bodies, ILookup<int, (string MediaType, JsonNode? Example)> Answers)
{
    public string Name => $"{Method} {Path}";

    /// <summary>Searching and signing in are written as POST, too: they take bodies like any other.</summary>
    public bool IsWrite => Method != "GET";

    /// <summary>Whether the caller shows its credentials in the body.</summary>
    public bool IsSignIn => Path.StartsWith("/oauth2/", StringComparison.Ordinal);

    /// <summary>Every operation of every document the service names on its own page.</summary>
    public static async Task<List<PublishedOperation>> ReadAllAsync(Uri service)
    {
        using var http = new HttpClient { BaseAddress = service };
        var documents = DocumentAddress().Matches(await http.GetStringAsync("/swagger/index.js") + await http.GetStringAsync("/swagger/index.html")).Select(match => match.Value).Distinct().ToList();
        if (documents.Count == 0) throw new InvalidOperationException("The service names no document.");
        List<PublishedOperation> operations = [];
        foreach (var document in documents)
        {
            foreach (var (path, methods) in JsonNode.Parse(await http.GetStringAsync(document))!["paths"]!.AsObject())
                operations.AddRange(methods!.AsObject().Select(operation => Of(operation.Key.ToUpperInvariant(), path, operation.Value!)));
        }
        return [.. operations.DistinctBy(operation => operation.Name)];
    }

    private static PublishedOperation Of(string method, string path, JsonNode operation) => new(method, path,
        [.. (operation["parameters"]?.AsArray() ?? []).Select(parameter => new PublishedParameter(parameter!["in"]!.GetValue<string>(), parameter["name"]!.GetValue<string>(), parameter["example"]?.ToString() ?? "x", parameter["required"]?.GetValue<bool>() == true))
            .DistinctBy(parameter => (parameter.Place, parameter.Name))],
        (operation["requestBody"]?["content"]?.AsObject() ?? []).ToDictionary(content => content.Key, content => Examples(content.Value!)),
        operation["responses"]!.AsObject().SelectMany(answer => (answer.Value!["content"]?.AsObject() ?? []).SelectMany(content =>
            Examples(content.Value!).Select(example => (Status: int.Parse(answer.Key, System.Globalization.CultureInfo.InvariantCulture), Answer: (content.Key, example)))))
            .ToLookup(answer => answer.Status, answer => answer.Answer));

    private static IReadOnlyList<JsonNode?> Examples(JsonNode content) =>
        content["examples"] is JsonObject several ? [.. several.Select(example => example.Value!["value"]?.DeepClone())] : [content["example"]?.DeepClone()];

    [GeneratedRegex("/swagger/[a-z-]+/swagger\\.json")]
    private static partial Regex DocumentAddress();
}
