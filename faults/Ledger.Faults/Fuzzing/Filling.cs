using System.Globalization;
using System.Text.Json.Nodes;

namespace Ledger.Faults.Fuzzing;

/// <summary>Turns an operation's examples into a request that makes sense for a world: its own ids where the contract wants ids.</summary>
internal sealed class Filling(World world, PublishedOperation operation, Random? random = null)
{
    /// <param name="chosen">What a parameter gets, escaped already; an empty text: what makes sense; null: it is left out (in the path: what makes sense).</param>
    public string Target(Func<PublishedParameter, string?> chosen)
    {
        var (path, query) = (operation.Path, new List<string>());
        foreach (var parameter in operation.Parameters)
        {
            var value = chosen(parameter);
            if (parameter.Place == "path") path = path.Replace($"{{{parameter.Name}}}", value is { Length: > 0 } ? value : Sensible(parameter), StringComparison.Ordinal);
            else if (parameter.Place == "query" && value is not null) query.Add($"{Uri.EscapeDataString(parameter.Name)}={(value.Length > 0 ? value : Sensible(parameter))}");
        }
        return query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
    }

    /// <summary>Whether nothing is answered without it: the documents say it of most, words say it of the others.</summary>
    public bool IsNeeded(PublishedParameter parameter) => parameter.Place == "query" && (parameter.IsRequired || (operation.Path, parameter.Name) switch
    {
        ("/v3/export-items", "job_id") or ("/v3/export-job-items:search", "company_id") or ("/v3/export-job-items", "company_id" or "accounting_entry_id") or ("/ledger/v1/log/inclusion", "position") => true,
        _ => false,
    });

    /// <summary>Escaped. A tile's path is a path.</summary>
    public string Sensible(PublishedParameter parameter) => Escape(parameter, Id(IdKinds.Of(operation, parameter.Name) ?? IdKind.None, parameter.Name) ?? parameter.Example);

    public static string Escape(PublishedParameter parameter, string value) => Uri.EscapeDataString(value).Replace("%2F", parameter is { Place: "path", Name: "path" } ? "/" : "%2F", StringComparison.Ordinal);

    /// <summary>An example of the media type, with the world's ids in it.</summary>
    public JsonNode? Body(string mediaType, int example = 0)
    {
        var body = operation.Bodies[mediaType][example % operation.Bodies[mediaType].Count]?.DeepClone();
        foreach (var place in JsonText.Places(body).Where(place => place.Value is JsonValue).ToList())
        {
            // The example's own identity stays: it is a new record each time.
            if (operation is { Method: "POST", Path: "/ledger/v1/records" }) continue;
            if (place.Member == "client_secret") place.Value!.ReplaceWith(JsonValue.Create(world.Credentials.Secret));
            else if (Id(IdKinds.Of(operation, place.Member, place.Path) ?? IdKind.None, place.Member) is { } id) place.Value!.ReplaceWith(AsJson(place.Value!, id));
        }
        return body;
    }

    /// <summary>The id as the kind of value that stands there.</summary>
    public static JsonNode AsJson(JsonNode value, string id) =>
        value.GetValueKind() == System.Text.Json.JsonValueKind.Number && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : JsonValue.Create(id);

    private string? Id(IdKind kind, string name) => kind switch
    {
        IdKind.None => null,
        _ when name == "stream_prefix" => "item/",
        // Whoever shows two credentials is refused.
        IdKind.Token when name == "access_token" => null,
        _ => world.Any(kind, operation, random),
    };
}
