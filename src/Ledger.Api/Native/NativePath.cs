using Ledger.Api.Errors;
using Ledger.Domain;
using Microsoft.AspNetCore.Http.Features;

namespace Ledger.Api.Native;

/// <summary>Ids in the address. Routing leaves <c>%2F</c> encoded and decodes everything else, so an id with a slash, or with a percent sign before "2F", is read from the address as it was sent.</summary>
internal static class NativePath
{
    public static RecordId RecordId(HttpContext context, string parameter = "id") => new(Decoded(context, parameter));

    /// <summary>Null when the name is longer than any system's.</summary>
    public static SystemId? SystemId(HttpContext context)
    {
        var text = Decoded(context, "system_id").Trim();
        return text.Length is >= 1 and <= Domain.SystemId.MaxLength ? new SystemId(text) : null;
    }

    public static Fault UnknownSystem { get; } = Fault.NotFound("system_not_found", "A system's id has 1 to 255 characters.");

    private static string Decoded(HttpContext context, string parameter)
    {
        var routed = (string?)context.Request.RouteValues[parameter] ?? "";
        if (!routed.Contains("%2F", StringComparison.OrdinalIgnoreCase)) return routed;
        // The template tells which segment it is; the raw target has the same segments, undecoded.
        var template = ((RouteEndpoint)context.GetEndpoint()!).RoutePattern.PathSegments;
        var index = 0;
        while (template[index].Parts is not [Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { Name: var name }] || name != parameter) index++;
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var path = target.Split('?', 2)[0].Trim('/').Split('/');
        return path.Length == template.Count ? Uri.UnescapeDataString(path[index]) : Uri.UnescapeDataString(routed);
    }
}
