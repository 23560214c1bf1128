using System.Text.Json;
using Ledger.Docs.Tests.Pages;
using Ledger.Docs.Tests.Sessions;

namespace Ledger.Docs.Tests.OpenApi;

/// <summary>The schemas of the export-jobs document the running service publishes, member by member against the contract's own document.</summary>
public sealed class PublishedSchemasTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Have_the_contracts_members_with_their_types()
    {
        var contract = JsonElement.Parse(await File.ReadAllBytesAsync(Repository.Full("tests/Ledger.Api.Tests/Dialects/ExportJobs/export-jobs-v3.openapi.json"), Token));
        await using var service = await Service.StartAsync(new Dictionary<string, string>(), Token);
        using var http = new HttpClient { BaseAddress = service.Address };
        var published = JsonElement.Parse(await http.GetByteArrayAsync(new Uri("/swagger/export-jobs/swagger.json", UriKind.Relative), Token));

        var differences = new List<string>();
        foreach (var (place, schema) in Bodies(contract))
        {
            var (expected, actual) = (Members(contract, schema), Members(published, Bodies(published).Single(body => body.Place == place).Schema));
            differences.AddRange(expected.Keys.Except(actual.Keys).Select(member => $"{place}{member} is not published"));
            differences.AddRange(actual.Keys.Except(expected.Keys).Select(member => $"{place}{member} is not the contract's"));
            differences.AddRange(expected.Keys.Intersect(actual.Keys).Where(member => expected[member] != actual[member]).Select(member => $"{place}{member} is {actual[member]}, not {expected[member]}"));
        }
        differences.ShouldBeEmpty();
    }

    /// <summary>Of every operation: what is sent, and what is answered with a body.</summary>
    private static IEnumerable<(string Place, JsonElement Schema)> Bodies(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        from body in Described(operation.Value)
        where body.Value.TryGetProperty("content", out _)
        select ($"{operation.Name.ToUpperInvariant()} {path.Name} {body.Name} ", body.Value.GetProperty("content").EnumerateObject().First().Value.GetProperty("schema"));

    private static IEnumerable<(string Name, JsonElement Value)> Described(JsonElement operation)
    {
        if (operation.TryGetProperty("requestBody", out var request)) yield return ("request", request);
        foreach (var response in operation.GetProperty("responses").EnumerateObject()) yield return (response.Name, response.Value);
    }

    /// <summary>Every member at any depth, and its type; whether it may be null is left aside.</summary>
    private static Dictionary<string, string> Members(JsonElement document, JsonElement schema, string place = "")
    {
        while (schema.TryGetProperty("$ref", out var reference)) schema = document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
        var members = new Dictionary<string, string>();
        if (schema.TryGetProperty("type", out var type))
            members[place] = type.ValueKind is JsonValueKind.Array ? string.Join('|', type.EnumerateArray().Select(each => each.GetString()).Where(each => each != "null").Order(StringComparer.Ordinal)) : type.GetString()!;
        foreach (var word in (string[])["allOf", "oneOf", "anyOf"])
            if (schema.TryGetProperty(word, out var parts)) foreach (var part in parts.EnumerateArray()) Add(part, place);
        if (schema.TryGetProperty("properties", out var properties)) foreach (var property in properties.EnumerateObject()) Add(property.Value, $"{place}/{property.Name}");
        if (schema.TryGetProperty("items", out var items)) Add(items, place + "[]");
        return members;

        void Add(JsonElement part, string at)
        {
            foreach (var member in Members(document, part, at)) members[member.Key] = member.Value;
        }
    }
}
