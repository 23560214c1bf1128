using System.Text.Json;

namespace Ledger.Api.Tests.Dialects.ExportJobs;

/// <summary>The contract's OpenAPI document, and what every answer has to look like by it.</summary>
internal static class ExportJobsContract
{
    public static readonly JsonElement Document =
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Dialects", "ExportJobs", "export-jobs-v3.openapi.json"))).RootElement;

    public static readonly JsonSchema Schemas = new(Document);

    /// <summary>Fails unless the body is what the document promises for this operation and status.</summary>
    public static void ShouldHold(string method, string path, int status, string? mediaType, string body)
    {
        if (status == 202)
        {
            body.ShouldBeEmpty();
            return;
        }
        mediaType.ShouldBe("application/json;charset=UTF-8");
        var schema = status >= 400 ? "ExceptionInfo" : SchemaOf(method, path, status);
        using var document = JsonDocument.Parse(body);
        Schemas.Faults(schema, document.RootElement).ShouldBeEmpty(body);
    }

    private static string SchemaOf(string method, string path, int status)
    {
        var template = Document.GetProperty("paths").EnumerateObject().Single(candidate => Matches(candidate.Name, path));
        var answer = template.Value.GetProperty(method).GetProperty("responses").GetProperty(status.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return answer.GetProperty("content").EnumerateObject().Single().Value.GetProperty("schema").GetProperty("$ref").GetString()!.Split('/')[^1];
    }

    private static bool Matches(string template, string path)
    {
        var (expected, given) = (template.Split('/'), path.Split('/'));
        return expected.Length == given.Length && expected.Zip(given).All(part => part.First == part.Second || part.First.StartsWith('{'));
    }
}
