using Ledger.Api.Errors;
using Ledger.Api.OpenApi;
using Ledger.Clients;

namespace Ledger.Api.Security.OAuth;

/// <summary><c>POST /oauth2/revoke</c>: a client ends one of its own tokens (RFC 7009).</summary>
internal static class RevocationEndpoint
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/oauth2/revoke", HandleAsync)
        .AllowAnonymous().WithErrorShape(NativeProblems.Shape).WithTags("Sign-in")
        .WithSummary("End an access token")
        .WithDescription("Token revocation (RFC 7009). The client signs in as at `/oauth2/token` and can end its own tokens only.")
        .WithRequestExample("token=kD0r2yZ7mC1xq8Qf5tVbW3nE6aHjL9sUoPiRgXwYzA4&client_id=demo&client_secret=demo-secret", "application/x-www-form-urlencoded")
        .WithResponseExample(200, "The token, if it was one of this client's, is of no use any more.")
        .WithResponseExample(400, "`token` is missing.", """{"error":"invalid_request","error_description":"token is missing."}""")
        .WithResponseExample(401, "The client is unknown, revoked or its secret is wrong.", """{"error":"invalid_client","error_description":"The client is unknown or its secret is wrong."}""");

    /// <summary>200 for a token that is unknown, ended already or another client's, too: the answer tells a guesser nothing.</summary>
    private static async Task HandleAsync(HttpContext context, ClientSignIn signIn, AccessTokens tokens, CredentialCache cache)
    {
        var (form, error) = await OAuthForm.ReadAsync(context);
        ClientIdentity? client = null;
        if (error is null) (client, error) = await signIn.AuthenticateAsync(context, form!);
        var token = form?["token"];
        if (error is null && token is null) error = OAuthError.InvalidRequest("token is missing.");
        if (error is not null)
        {
            await OAuthAnswer.WriteAsync(context, error);
            return;
        }
        if (token!.Length <= CredentialHash.LongestCredential)
        {
            var hash = new CredentialHash(token);
            if (await tokens.RevokeAsync(hash, client!.ClientId, context.RequestAborted)) cache.Evict(hash);
        }
        context.Response.Headers.CacheControl = "no-store";
    }
}
