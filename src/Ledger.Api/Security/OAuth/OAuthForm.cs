using Microsoft.AspNetCore.Http.Features;

namespace Ledger.Api.Security.OAuth;

/// <summary>The parameters of an OAuth request: a small form, each name at most once, an empty value as good as none (RFC 6749 §3.2).</summary>
internal sealed class OAuthForm(IFormCollection form)
{
    private const int MaxBytes = 16 * 1024;

    public string? this[string name] => form[name] is [{ Length: > 0 } value] ? value : null;

    public static async Task<(OAuthForm? Form, OAuthError? Error)> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.ContentType?.Split(';')[0].Trim().Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true)
            return (null, OAuthError.InvalidRequest("The body must be application/x-www-form-urlencoded."));
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = MaxBytes;
        try
        {
            var form = await new FormFeature(request, new FormOptions { ValueCountLimit = 32, BufferBodyLengthLimit = MaxBytes }).ReadFormAsync(context.RequestAborted);
            return form.Any(parameter => parameter.Value.Count > 1)
                ? (null, OAuthError.InvalidRequest("A parameter occurs more than once."))
                : (new OAuthForm(form), null);
        }
        catch (InvalidDataException)
        {
            return (null, OAuthError.InvalidRequest("The form is too large or malformed."));
        }
    }
}
