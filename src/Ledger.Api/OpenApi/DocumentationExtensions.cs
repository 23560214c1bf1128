namespace Ledger.Api.OpenApi;

/// <summary>What an endpoint says about itself beyond its route, in the contract's own JSON.</summary>
/// <remarks>
/// Types say nothing here: four contracts spell the same words in four ways, so schemas are read off the examples, and the
/// examples of errors are written by the route's <c>ErrorShape</c>. A whole operation:
/// <code>
/// routes.MapPost("/things/{id}/close", CloseAsync)
///     .WithSummary("Close a thing").WithDescription("What it does, in Markdown.")
///     .WithPathParameter("id", "The platform's id.", "T-1")
///     .WithQueryParameter("force", "Close it whatever its state.", "true")
///     .WithRequestExample("""{"reason":"done"}""")
///     .WithResponseExample(200, "The thing as it is now.", """{"id":"T-1","closed":true}""")
///     .WithErrors(400, 404, 409);
/// </code>
/// 401 and 403 follow from <c>RequireScope</c>, 413 and 415 from a request example, 500 and 503 from being a service.
/// <c>ExcludeFromDescription()</c> leaves a route out; a test holds every other route to a summary and an answer.
/// </remarks>
public static class DocumentationExtensions
{
    /// <param name="json">One valid body. Several calls give several examples of one media type; name them then.</param>
    public static TBuilder WithRequestExample<TBuilder>(this TBuilder builder, string json, string mediaType = "application/json", string? name = null, bool required = true)
        where TBuilder : IEndpointConventionBuilder => builder.With(new RequestExample(json, mediaType, name, required));

    /// <param name="description">What the status means here.</param>
    /// <param name="json">Null for an answer without a body.</param>
    public static TBuilder WithResponseExample<TBuilder>(this TBuilder builder, int status, string description, string? json = null, string mediaType = "application/json", string? name = null)
        where TBuilder : IEndpointConventionBuilder => builder.With(new ResponseExample(status, description, json, mediaType, name));

    /// <summary>A body that is not shown, but whose members and types are in the schema, too: for what the example shows as null or leaves out.</summary>
    public static TBuilder WithResponseMembers<TBuilder>(this TBuilder builder, int status, string json)
        where TBuilder : IEndpointConventionBuilder => builder.With(new ResponseMembers(status, json));

    /// <summary>Refusals the endpoint may answer with, in the body of its error shape.</summary>
    public static TBuilder WithErrors<TBuilder>(this TBuilder builder, params int[] statuses) where TBuilder : IEndpointConventionBuilder => builder.With(new ErrorStatuses(statuses));

    /// <param name="example">As it stands in the address, before encoding. Whole numbers, <c>true</c>/<c>false</c>, UUIDs and times give the type.</param>
    public static TBuilder WithQueryParameter<TBuilder>(this TBuilder builder, string name, string description, string example, bool required = false)
        where TBuilder : IEndpointConventionBuilder => builder.With(new ParameterExample(ParameterPlace.Query, name, description, example, required));

    public static TBuilder WithPathParameter<TBuilder>(this TBuilder builder, string name, string description, string example)
        where TBuilder : IEndpointConventionBuilder => builder.With(new ParameterExample(ParameterPlace.Path, name, description, example, Required: true));

    public static TBuilder WithHeader<TBuilder>(this TBuilder builder, string name, string description, string example, bool required = false)
        where TBuilder : IEndpointConventionBuilder => builder.With(new ParameterExample(ParameterPlace.Header, name, description, example, required));

    private static TBuilder With<TBuilder>(this TBuilder builder, object metadata) where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(metadata));
        return builder;
    }
}

internal sealed record RequestExample(string Json, string MediaType, string? Name, bool Required);

internal sealed record ResponseMembers(int Status, string Json);

internal sealed record ResponseExample(int Status, string Description, string? Json, string MediaType, string? Name);

internal sealed record ErrorStatuses(IReadOnlyList<int> Statuses);

internal enum ParameterPlace { Path, Query, Header }

internal sealed record ParameterExample(ParameterPlace Place, string Name, string Description, string Example, bool Required);
