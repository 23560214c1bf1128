using System.Text.Json;
using Ledger.Api.Tests.Hosting;

namespace Ledger.Api.Tests.Dialects.ExportJobs;

/// <summary>The OpenAPI document we publish, held against the contract's: a client generated from either one speaks to both.</summary>
public sealed class PublishedDocumentTests(LedgerHost host)
{
    public static TheoryData<string, string> Operations =>
        new(ExportJobsContract.Document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => (path.Name, operation.Name))));

    [Fact]
    public async Task Has_the_contracts_paths_and_methods_and_sign_in()
    {
        var published = (await DocumentAsync()).GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => (path.Name, operation.Name)));

        published.Where(operation => !operation.Item1.StartsWith("/oauth2", StringComparison.Ordinal)).ShouldBe(
            ExportJobsContract.Document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => (path.Name, operation.Name))), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Describes_the_operation_as_the_contract_does(string path, string method)
    {
        var expected = ExportJobsContract.Document.GetProperty("paths").GetProperty(path).GetProperty(method);
        var published = (await DocumentAsync()).GetProperty("paths").GetProperty(path).GetProperty(method);

        published.GetProperty("operationId").GetString().ShouldBe(expected.GetProperty("operationId").GetString());
        // Every write of the ledger takes an idempotency key; the contract knows none.
        Parameters(published).Where(parameter => parameter != "header Idempotency-Key").ShouldBe(Parameters(expected), ignoreOrder: true);
        published.TryGetProperty("requestBody", out _).ShouldBe(expected.TryGetProperty("requestBody", out _));
        var statuses = published.GetProperty("responses").EnumerateObject().Select(response => response.Name).ToList();
        expected.GetProperty("responses").EnumerateObject().Select(response => response.Name).ShouldBeSubsetOf(statuses);
        // Beyond the contract's own: only what any operation may answer.
        statuses.Except(expected.GetProperty("responses").EnumerateObject().Select(response => response.Name)).ShouldBeSubsetOf(["400", "401", "403", "404", "409", "413", "415", "422", "500", "503"]);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Shows_examples_that_hold_to_the_contracts_schemas(string path, string method)
    {
        var published = (await DocumentAsync()).GetProperty("paths").GetProperty(path).GetProperty(method);
        foreach (var response in published.GetProperty("responses").EnumerateObject().Where(response => response.Value.TryGetProperty("content", out _)))
        {
            var example = response.Value.GetProperty("content").EnumerateObject().Single().Value.GetProperty("example").GetRawText();
            ExportJobsContract.ShouldHold(method, path, int.Parse(response.Name, System.Globalization.CultureInfo.InvariantCulture), "application/json;charset=UTF-8", example);
        }
    }

    private static IEnumerable<string> Parameters(JsonElement operation) => operation.TryGetProperty("parameters", out var parameters)
        ? parameters.EnumerateArray().Select(parameter => $"{parameter.GetProperty("in").GetString()} {parameter.GetProperty("name").GetString()}") : [];

    private async Task<JsonElement> DocumentAsync() => (await (await host.AnonymousAsync()).AskAsync("/swagger/export-jobs/swagger.json")).Ok();
}
