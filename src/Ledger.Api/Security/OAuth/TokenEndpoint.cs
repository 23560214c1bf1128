using Ledger.Api.Errors;
using Ledger.Api.OpenApi;
using Ledger.Clients;

namespace Ledger.Api.Security.OAuth;

/// <summary><c>POST /oauth2/token</c>: a client's secret for an access token (RFC 6749 §4.4).</summary>
internal static class TokenEndpoint
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/oauth2/token", HandleAsync)
        .AllowAnonymous().WithErrorShape(NativeProblems.Shape).WithTags("Sign-in")
        .WithSummary("Exchange client credentials for an access token")
        .WithDescription("OAuth 2.0 client credentials (RFC 6749 §4.4). The client signs in by HTTP Basic or by form fields, not both. Without `scope` the token gets every scope of the client.")
        .WithRequestExample("grant_type=client_credentials&client_id=demo&client_secret=demo-secret&scope=exports:read", "application/x-www-form-urlencoded")
        .WithResponseExample(200, "A token for one hour.", """{"access_token":"kD0r2yZ7mC1xq8Qf5tVbW3nE6aHjL9sUoPiRgXwYzA4","token_type":"Bearer","expires_in":3600,"scope":"exports:read"}""")
        .WithResponseExample(400, "The request is wrong: `invalid_request`, `invalid_scope` or `unsupported_grant_type`.", """{"error":"invalid_scope","error_description":"A scope is unknown or not given to this client."}""")
        .WithResponseExample(401, "The client is unknown, revoked or its secret is wrong.", """{"error":"invalid_client","error_description":"The client is unknown or its secret is wrong."}""")
        .WithResponseExample(429, "Too many failed sign-ins; `Retry-After` says how long to wait.", """{"error":"too_many_requests","error_description":"Too many failed sign-ins of this client; wait before the next."}""");

    private static async Task HandleAsync(HttpContext context, ClientSignIn signIn, AccessTokens tokens)
    {
        var (form, error) = await OAuthForm.ReadAsync(context);
        error ??= form!["grant_type"] switch
        {
            "client_credentials" => null,
            null => OAuthError.InvalidRequest("grant_type is missing."),
            _ => new OAuthError(StatusCodes.Status400BadRequest, "unsupported_grant_type", "Only client_credentials is supported."),
        };
        ClientIdentity? client = null;
        if (error is null) (client, error) = await signIn.AuthenticateAsync(context, form!);
        if (error is null && RequestedScopes.TryResolve(form!["scope"], client!.Scopes, out var scopes, out var names))
        {
            if (await tokens.IssueAsync(client.ClientId, scopes, context.RequestAborted) is { } token)
            {
                await OAuthAnswer.WriteAsync(context, StatusCodes.Status200OK, new OAuthAnswer.Token(token, "Bearer", (int)AccessTokens.Lifetime.TotalSeconds, names));
                return;
            }
            error = OAuthError.InvalidClient;   // revoked between the two statements
        }
        error ??= new OAuthError(StatusCodes.Status400BadRequest, "invalid_scope", "A scope is unknown or not given to this client.");
        await OAuthAnswer.WriteAsync(context, error);
    }
}
