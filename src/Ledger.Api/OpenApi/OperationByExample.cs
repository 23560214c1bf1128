using System.Globalization;
using System.Text.Json.Nodes;
using Ledger.Api.Idempotency;
using Ledger.Api.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Ledger.Api.OpenApi;

/// <summary>Writes an operation from what its endpoint says (<see cref="DocumentationExtensions"/>) instead of from .NET types.</summary>
internal sealed class OperationByExample(ErrorExamples errors) : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        var path = "/" + context.ApiDescription.RelativePath!.TrimEnd('/');
        // A contract that names its operations wants generated clients to keep their method names.
        operation.OperationId = metadata.OfType<IEndpointNameMetadata>().LastOrDefault()?.EndpointName ?? Name(context.ApiDescription.HttpMethod!, path);
        operation.Parameters = [.. Parameters(operation, metadata)];
        if (IsIdempotent(context.ApiDescription.HttpMethod!, metadata)) operation.Parameters.Add(IdempotencyKey);
        operation.RequestBody = RequestBody([.. metadata.OfType<RequestExample>()]);
        operation.Responses = Responses(metadata, path, context.ApiDescription.HttpMethod!);
        // A contract's scope or ours, whichever the route names.
        if (metadata.OfType<ScopeRequirement>().LastOrDefault() is { } scopes)
        {
            operation.Security =
            [
                new() { [new OpenApiSecuritySchemeReference(OpenApiExtensions.OAuth2, context.Document)] = [.. scopes.Names.Take(1)] },
                new() { [new OpenApiSecuritySchemeReference(OpenApiExtensions.ApiKey, context.Document)] = [] },
            ];
        }
    }

    private static OpenApiParameter IdempotencyKey => new()
    {
        Name = IdempotencyMiddleware.HeaderName,
        In = ParameterLocation.Header,
        Description = "Your name for this one call. Sent again with the same body it has no second effect and gets the first answer (`Idempotent-Replayed: true`).",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = IdempotencyMiddleware.MaxKeyLength },
        Example = JsonValue.Create("7d0c8f5e-1b1e-4c02-9a51-3d0f6f7a9b11"),
    };

    // The middleware takes the key on every write of a client that has signed in.
    private static bool IsIdempotent(string method, IList<object> metadata) => !HttpMethods.IsGet(method) && !metadata.OfType<IAllowAnonymous>().Any();

    private static string Name(string method, string path)
    {
        var words = path.Split(['/', '-', '_', '{', '}', '.', ':'], StringSplitOptions.RemoveEmptyEntries).Select(word => char.ToUpperInvariant(word[0]) + word[1..]);
        return CultureInfo.InvariantCulture.TextInfo.ToLower(method) + string.Concat(words);
    }

    // Path parameters come from the route, described or not; all others from what the endpoint says.
    private static IEnumerable<IOpenApiParameter> Parameters(OpenApiOperation operation, IList<object> metadata)
    {
        var described = metadata.OfType<ParameterExample>().DistinctBy(parameter => (parameter.Place, parameter.Name)).ToList();
        foreach (var known in operation.Parameters?.Where(parameter => parameter.In == ParameterLocation.Path) ?? [])
        {
            if (!described.Exists(parameter => parameter.Place == ParameterPlace.Path && parameter.Name == known.Name)) yield return known;
        }
        foreach (var parameter in described)
        {
            yield return new OpenApiParameter
            {
                Name = parameter.Name,
                In = parameter.Place switch { ParameterPlace.Path => ParameterLocation.Path, ParameterPlace.Header => ParameterLocation.Header, _ => ParameterLocation.Query },
                Required = parameter.Required,
                Description = parameter.Description,
                Schema = parameter.Place == ParameterPlace.Query ? SchemaByExample.OfText(parameter.Example) : new OpenApiSchema { Type = JsonSchemaType.String },
                Example = parameter.Place == ParameterPlace.Query ? SchemaByExample.Value(parameter.Example) : JsonValue.Create(parameter.Example),
            };
        }
    }

    private static OpenApiRequestBody? RequestBody(IReadOnlyList<RequestExample> examples) => examples.Count == 0 ? null : new()
    {
        Required = examples[0].Required,
        Content = examples.GroupBy(example => example.MediaType).ToDictionary(group => group.Key, group => Body([.. group.Select(example => (example.Name, example.Json))], group.Key)),
    };

    private OpenApiResponses Responses(IList<object> metadata, string path, string method)
    {
        var responses = new OpenApiResponses();
        var members = metadata.OfType<ResponseMembers>().ToLookup(more => more.Status, more => JsonNode.Parse(more.Json));
        foreach (var status in metadata.OfType<ResponseExample>().GroupBy(example => example.Status))
        {
            responses[Text(status.Key)] = new OpenApiResponse
            {
                Description = status.Select(example => example.Description).FirstOrDefault(text => text.Length > 0) ?? ReasonPhrases.GetReasonPhrase(status.Key),
                Content = status.Where(example => example.Json is not null).GroupBy(example => example.MediaType)
                    .ToDictionary(group => group.Key, group => Body([.. group.Select(example => (example.Name, example.Json!))], group.Key, [.. members[status.Key]])),
            };
        }
        foreach (var status in Errors(metadata, method).Except(metadata.OfType<ResponseExample>().Select(example => example.Status)).Order())
        {
            var (written, mediaType, body) = errors.Of(metadata, path, status);
            responses.TryAdd(Text(written), new OpenApiResponse { Description = ReasonPhrases.GetReasonPhrase(written), Content = new Dictionary<string, OpenApiMediaType> { [mediaType] = Body([(null, body)], mediaType) } });
        }
        return responses;
    }

    private static IEnumerable<int> Errors(IList<object> metadata, string method)
    {
        var statuses = metadata.OfType<ErrorStatuses>().SelectMany(errors => errors.Statuses).ToList();
        if (!metadata.OfType<IAllowAnonymous>().Any()) statuses.Add(StatusCodes.Status401Unauthorized);
        if (metadata.OfType<ScopeRequirement>().Any()) statuses.Add(StatusCodes.Status403Forbidden);
        // A key that is none, one that is in use, and one that was used for another request.
        if (IsIdempotent(method, metadata)) statuses.AddRange([StatusCodes.Status400BadRequest, StatusCodes.Status409Conflict, StatusCodes.Status422UnprocessableEntity]);
        if (metadata.OfType<RequestExample>().Any()) statuses.AddRange([StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType]);
        statuses.AddRange([StatusCodes.Status500InternalServerError, StatusCodes.Status503ServiceUnavailable]);
        return statuses.Distinct();
    }

    /// <param name="more">Not shown, only in the schema.</param>
    private static OpenApiMediaType Body(IReadOnlyList<(string? Name, string Text)> examples, string mediaType, IReadOnlyList<JsonNode?>? more = null)
    {
        var nodes = examples.Select(example => Node(example.Text, mediaType)).ToList();
        var body = new OpenApiMediaType { Schema = SchemaByExample.Of([.. nodes, .. more ?? []]) };
        if (nodes.Count == 1) body.Example = nodes[0];
        else body.Examples = examples.Select((example, index) => (example.Name ?? Text(index + 1), nodes[index])).ToDictionary(pair => pair.Item1, IOpenApiExample (pair) => new OpenApiExample { Value = pair.Item2 });
        return body;
    }

    private static JsonNode? Node(string text, string mediaType) =>
        mediaType.EndsWith("json", StringComparison.Ordinal) ? JsonNode.Parse(text)
        : mediaType == "application/x-www-form-urlencoded" ? new JsonObject(QueryHelpers.ParseQuery(text).Select(field => KeyValuePair.Create(field.Key, (JsonNode?)JsonValue.Create(field.Value.ToString()))))
        : JsonValue.Create(text);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
