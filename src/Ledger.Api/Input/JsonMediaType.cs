using Ledger.Api.Errors;
using Microsoft.Net.Http.Headers;

namespace Ledger.Api.Input;

/// <summary><c>application/json</c> or any <c>application/*+json</c>, in UTF-8, not compressed; everything else is 415.</summary>
/// <remarks>A missing type is refused too: browsers send cross-site forms without asking only under the other types.</remarks>
internal static class JsonMediaType
{
    private static readonly Fault WrongType =
        new(FaultKind.UnsupportedMediaType, "unsupported_media_type", "The body must be application/json in UTF-8.");

    private static readonly Fault Compressed =
        new(FaultKind.UnsupportedMediaType, "unsupported_content_coding", "Compressed bodies are not accepted.");

    public static Fault? Refuse(HttpRequest request)
    {
        if (!IsJson(request.ContentType)) return WrongType;
        var coding = request.Headers.ContentEncoding;
        return coding.Count == 0 || (coding.Count == 1 && "identity".Equals(coding[0], StringComparison.OrdinalIgnoreCase)) ? null : Compressed;
    }

    private static bool IsJson(string? contentType)
    {
        if ("application/json".Equals(contentType, StringComparison.OrdinalIgnoreCase)) return true;
        if ("application/json; charset=utf-8".Equals(contentType, StringComparison.OrdinalIgnoreCase)) return true;
        return MediaTypeHeaderValue.TryParse(contentType, out var type)
            && type.Type.Equals("application", StringComparison.OrdinalIgnoreCase)
            && (type.Suffix.HasValue ? type.Suffix : type.SubType).Equals("json", StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
    }
}
