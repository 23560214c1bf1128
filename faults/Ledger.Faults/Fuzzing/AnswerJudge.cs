using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ledger.Faults.Fuzzing;

/// <summary>Holds an answer against what the document of its operation promises.</summary>
internal sealed class AnswerJudge
{
    // What HTTP itself answers before any route is asked; docs/limits.md has them.
    private static readonly HashSet<int> OfTransport = [400, 404, 405, 408, 411, 413, 414, 415, 417, 431, 501, 505];

    private readonly Dictionary<string, Dictionary<string, HashSet<string>>> _errorMembers = [];

    public AnswerJudge(IEnumerable<PublishedOperation> operations)
    {
        foreach (var operation in operations)
        {
            _errorMembers[operation.Name] = operation.Answers.Where(answers => answers.Key is >= 400 and < 500).SelectMany(answers => answers).Where(answer => answer.Example is JsonObject or JsonArray)
                .GroupBy(answer => answer.MediaType).ToDictionary(answers => answers.Key, answers => answers.Select(answer => Members(answer.Example)).Aggregate((all, one) => [.. all.Intersect(one)]));
        }
    }

    /// <returns>What is wrong with it; null: nothing.</returns>
    public string? Fault(PublishedOperation operation, Request request, Answer answer)
    {
        if (answer.Status == 0) return request.IsTransport ? null : "the connection ended without an answer";
        if (answer.Status == 503) return answer.Headers.ContainsKey("retry-after") ? null : "503 without Retry-After";
        if (answer.Status >= 500) return request.IsTransport && answer.Status is 501 or 505 ? null : $"{answer.Status}";
        if (request.MustBeRefused && answer.Status is >= 200 and < 300) return $"accepted with {answer.Status}";
        if (Leaks(answer.Text)) return $"{answer.Status} tells of the inside";
        if (answer.Status < 400) return answer.Status is 200 or 201 or 202 or 204 or 304 ? null : $"{answer.Status} is in no contract";
        if (request.IsTransport && (answer.Body.Length == 0 || OfTransport.Contains(answer.Status))) return null;
        // Another path than the route's was asked for: the service does not know whose contract that would be.
        if (answer.Status is 404 or 405 && !operation.Answers.Contains(answer.Status)) return null;
        if (answer.Status == 429) return answer.Headers.ContainsKey("retry-after") ? null : "429 without Retry-After";
        return Shape(operation, answer);
    }

    private string? Shape(PublishedOperation operation, Answer answer)
    {
        if (!operation.Answers.Contains(answer.Status) && answer.Status is not (413 or 414 or 415)) return $"{answer.Status} is not in the document";
        if (!_errorMembers[operation.Name].TryGetValue(answer.MediaType, out var members)) return $"{answer.Status} in the media type '{answer.MediaType}', which the document has not";
        JsonNode? body;
        try
        {
            body = JsonNode.Parse(answer.Body);
        }
        catch (JsonException)
        {
            return $"{answer.Status} with a body that is no JSON";
        }
        var missing = members.Except(Members(body)).ToList();
        return missing.Count > 0 ? $"{answer.Status} without {string.Join(", ", missing)}" : null;
    }

    private static HashSet<string> Members(JsonNode? body) => body is JsonObject members ? [.. members.Select(member => member.Key)] : [];

    private static bool Leaks(string text) => text.Contains("   at Ledger.", StringComparison.Ordinal) || text.Contains("Npgsql", StringComparison.Ordinal) || text.Contains("System.Exception", StringComparison.Ordinal)
        || text.Contains("StackTrace", StringComparison.Ordinal) || text.Contains("SqlState", StringComparison.Ordinal) || text.Contains("syntax error at or near", StringComparison.Ordinal);
}
