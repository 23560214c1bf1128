namespace Ledger.Api.Errors;

/// <summary>Finds the shape of a request: its endpoint's, else the longest path prefix a mapped shape claims, else <see cref="NativeProblems"/>.</summary>
public sealed class ErrorShapes
{
    private readonly Lazy<(string Prefix, ErrorShape Shape)[]> _claims;

    /// <param name="endpoints">Read at the first fault, when every route is mapped.</param>
    public ErrorShapes(EndpointDataSource endpoints) => _claims = new(() => [..
        from shape in endpoints.Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<ErrorShape>()).OfType<ErrorShape>().Distinct()
        from prefix in shape.PathPrefixes
        orderby prefix.Length descending
        select (prefix, shape)]);

    public ErrorShape Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.GetEndpoint()?.Metadata.GetMetadata<ErrorShape>() is { } shape) return shape;
        var path = context.Request.Path.Value ?? "";
        foreach (var claim in _claims.Value)
        {
            if (path.StartsWith(claim.Prefix, StringComparison.OrdinalIgnoreCase)) return claim.Shape;
        }
        return NativeProblems.Shape;
    }
}
