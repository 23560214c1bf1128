using System.Net;
using Ledger.Clients;

namespace Ledger.Api.Security.OAuth;

/// <summary>Authenticates the client at the OAuth endpoints: HTTP Basic or form fields, not both (RFC 6749 §2.3.1).</summary>
internal sealed class ClientSignIn(CredentialLookup lookup, FailedSignIns failures)
{
    public async Task<(ClientIdentity? Client, OAuthError? Error)> AuthenticateAsync(HttpContext context, OAuthForm form)
    {
        var (clientId, secret, error) = Read(context.Request, form);
        if (error is not null) return (null, error);
        if (failures.RetryAfter(context, clientId!) is { } wait)
        {
            var tooMany = new OAuthError(StatusCodes.Status429TooManyRequests, "too_many_requests", "Too many failed sign-ins of this client; wait before the next.");
            return (null, tooMany with { RetryAfter = wait });
        }
        var client = secret!.Length <= CredentialHash.LongestCredential
            ? await lookup.FindBySecretAsync(clientId!, new CredentialHash(secret), context.RequestAborted)
            : null;
        if (client is not null) return (client, null);
        failures.Count(context, clientId!);
        return (null, OAuthError.InvalidClient);
    }

    private static (string? ClientId, string? Secret, OAuthError? Error) Read(HttpRequest request, OAuthForm form)
    {
        var headers = request.Headers.Authorization;
        if (headers.Count == 0)
        {
            return (form["client_id"], form["client_secret"]) is ({ } id, { } secret) ? Checked(id, secret) : (null, null, OAuthError.InvalidClient);
        }
        if (headers.Count > 1 || form["client_secret"] is not null)
            return (null, null, OAuthError.InvalidRequest("Authenticate the client in one way only."));
        var header = headers[0] ?? "";
        Span<char> text = stackalloc char[BasicCredentials.LongestDecoded];
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) || !BasicCredentials.TryDecode(header.AsSpan(6).Trim(' '), text, out var length))
            return (null, null, OAuthError.InvalidClient);
        var colon = text[..length].IndexOf(':');
        if (colon < 0) return (null, null, OAuthError.InvalidClient);
        // Both halves were form-encoded before they were joined.
        var credentials = Checked(WebUtility.UrlDecode(text[..colon].ToString()), WebUtility.UrlDecode(text[(colon + 1)..length].ToString()));
        // Some libraries repeat the id in the form, which is harmless unless it is another one.
        return credentials.Error is null && form["client_id"] is { } repeated && repeated != credentials.ClientId
            ? (null, null, OAuthError.InvalidRequest("The form and the header name different clients."))
            : credentials;
    }

    /// <summary>PostgreSQL text cannot hold U+0000, and no client id is long.</summary>
    private static (string? ClientId, string? Secret, OAuthError? Error) Checked(string clientId, string secret) =>
        clientId.Length is 0 or > 128 || clientId.Contains('\0') ? (null, null, OAuthError.InvalidClient) : (clientId, secret, null);
}
