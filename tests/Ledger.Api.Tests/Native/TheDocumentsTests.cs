using System.Net;
using System.Text.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Tests.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Api.Tests.Native;

public sealed class TheDocumentsTests(LedgerHost host)
{
    public static TheoryData<string> Names => [.. ApiDocuments.All.Select(document => document.Name)];

    [Theory, MemberData(nameof(Names))]
    public async Task Hold_every_route_of_their_contract_and_no_other(string name)
    {
        var routes = (await RoutesAsync()).Where(route => route.Document is null || route.Document == name).Select(route => route.Operation);

        (await OperationsAsync(name)).Select(operation => operation.Name).ShouldBe(routes, ignoreOrder: true);
    }

    [Fact]
    public async Task Leave_no_route_of_the_service_out()
    {
        var known = ApiDocuments.All.Select(document => document.Name).ToList();

        (await RoutesAsync()).Where(route => route.Document is { } document && !known.Contains(document)).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Describe_every_operation_with_examples(string name)
    {
        var missing = new List<string>();
        foreach (var (operation, json) in await OperationsAsync(name))
        {
            if (!json.TryGetProperty("summary", out var summary) || summary.GetString() is not { Length: > 0 }) missing.Add($"{operation}: summary");
            var answers = json.GetProperty("responses").EnumerateObject().ToList();
            if (!answers.Exists(answer => answer.Name.StartsWith('2'))) missing.Add($"{operation}: success");
            foreach (var answer in answers.Where(answer => answer.Name[0] >= '4' || answer.Value.TryGetProperty("content", out _)))
            {
                if (!HasExamples(answer.Value)) missing.Add($"{operation}: example of {answer.Name}");
            }
            if (json.TryGetProperty("requestBody", out var body) && !HasExamples(body)) missing.Add($"{operation}: example of the request");
            foreach (var parameter in json.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray() : [])
            {
                if (!parameter.TryGetProperty("description", out _)) missing.Add($"{operation}: description of {parameter.Text("name")}");
            }
        }
        missing.ShouldBeEmpty();
    }

    [Fact]
    public async Task Are_OpenAPI_3_1_and_know_how_to_sign_in()
    {
        var document = await DocumentAsync("native");

        document.Text("openapi").ShouldStartWith("3.1.");
        document.At("components", "securitySchemes", "oauth2", "flows", "clientCredentials").Text("tokenUrl").ShouldBe("/oauth2/token");
        document.At("components", "securitySchemes", "api_key").Text("scheme").ShouldBe("basic");
        document.At("paths", "/ledger/v1/systems", "get", "security", 0, "oauth2", 0).GetString().ShouldBe("exports:read");
    }

    [Fact]
    public async Task Read_their_schemas_off_the_examples()
    {
        var record = (await DocumentAsync("native")).At("paths", "/ledger/v1/records/{id}", "get", "responses", "200", "content", "application/json", "schema", "properties");

        record.At("number").Text("type").ShouldBe("integer");
        record.At("uuid").Text("format").ShouldBe("uuid");
        record.At("posted_at").Text("format").ShouldBe("date-time");
        record.At("lines", "items", "properties", "amount", "properties", "currency").Text("type").ShouldBe("string");
    }

    [Fact]
    public async Task Show_errors_as_the_route_writes_them()
    {
        var error = (await DocumentAsync("native")).At("paths", "/ledger/v1/records/{id}", "get", "responses", "404", "content", "application/problem+json", "example");
        var written = (await (await host.NewTenantAsync()).Http.AskAsync("/ledger/v1/records/nobodys")).Json;

        error.EnumerateObject().Select(member => member.Name).ShouldBe(written.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task Come_with_a_page_to_try_them()
    {
        var page = await (await host.AnonymousAsync()).AskAsync("/swagger/index.html");

        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Text.ShouldContain("swagger-ui");
    }

    private static bool HasExamples(JsonElement content) =>
        content.TryGetProperty("content", out var types) && types.EnumerateObject().All(type => type.Value.TryGetProperty("example", out _) || type.Value.TryGetProperty("examples", out _));

    private async Task<JsonElement> DocumentAsync(string name) => (await (await host.AnonymousAsync()).AskAsync($"/swagger/{name}/swagger.json")).Ok();

    private async Task<List<(string Name, JsonElement Json)>> OperationsAsync(string name)
    {
        var document = await DocumentAsync(name);
        if (!document.TryGetProperty("paths", out var paths)) return [];
        return [.. paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => ($"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value)))];
    }

    private async Task<List<(string Operation, string? Document)>> RoutesAsync() =>
    [
        .. from endpoint in (await host.ServicesAsync()).GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           where endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is not { ExcludeFromDescription: true }
           from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
           select ($"{method} /{endpoint.RoutePattern.RawText!.Trim('/').Replace("{**", "{", StringComparison.Ordinal)}", endpoint.Metadata.GetMetadata<IEndpointGroupNameMetadata>()?.EndpointGroupName),
    ];
}
