using System.Security.Claims;
using System.Text.Encodings.Web;
using Ledger.Api.Errors;
using Ledger.Clients;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Ledger.Api.Security;

/// <summary>Bearer tokens and API keys in HTTP Basic, for every endpoint that does not allow anonymous calls. 401 and 403 leave in the shape of the route.</summary>
internal sealed class ClientAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, CredentialCache cache, CredentialLookup lookup)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Ledger";
    internal const string Realm = "export-ledger";

    private static readonly Task<AuthenticateResult> Nothing = Task.FromResult(AuthenticateResult.NoResult());
    private static readonly Task<AuthenticateResult> Malformed = Refuse("The credential is malformed.");
    private static readonly Task<AuthenticateResult> Unknown = Refuse("The credential is unknown, expired or revoked.");

    private static readonly Task<AuthenticateResult> SecretOutOfPlace = Refuse(
        "HTTP Basic takes an API key as user name and an empty password. Exchange a client secret for a token at /oauth2/token.");

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Unmatched routes are 404 for everybody, and the token endpoint reads HTTP Basic in its own way.
        if (Context.GetEndpoint()?.Metadata is not { } metadata || metadata.GetMetadata<IAllowAnonymous>() is not null) return Nothing;
        var credential = PresentedCredential.Of(Request, queryAllowed: metadata.GetMetadata<AccessTokenInQuery>() is not null);
        switch (credential.Kind)
        {
            case CredentialKind.None: return Nothing;
            case CredentialKind.Malformed: return Malformed;
            case CredentialKind.SecretOutOfPlace: return SecretOutOfPlace;
        }
        if (cache.Find(credential) is not { } known) return LookUpAsync(credential);
        Context.Features.Set(known.Client);
        return known.Result;
    }

    private async Task<AuthenticateResult> LookUpAsync(PresentedCredential credential)
    {
        var evictions = cache.Evictions;
        var identity = credential.Kind is CredentialKind.Token
            ? await lookup.FindByTokenAsync(credential.Hash, Context.RequestAborted)
            : await lookup.FindByApiKeyAsync(credential.Hash, Context.RequestAborted);
        if (identity is null) return await Unknown;
        var client = new LedgerClient(identity);
        var principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", client.ClientId)], SchemeName, "sub", null));
        var result = AuthenticateResult.Success(new AuthenticationTicket(principal, SchemeName));
        Context.Features.Set(cache.Add(credential, client, result, identity.ExpiresIn, evictions).Client);
        return result;
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        // RFC 6750 §3.1: a request that showed nothing is not told about an error.
        var failure = (await HandleAuthenticateOnceSafeAsync()).Failure;
        Response.Headers.WWWAuthenticate = failure is null
            ? $"Bearer realm=\"{Realm}\", Basic realm=\"{Realm}\""
            : $"Bearer realm=\"{Realm}\", error=\"invalid_token\", Basic realm=\"{Realm}\"";
        var fault = Fault.OfStatus(StatusCodes.Status401Unauthorized);
        await Context.WriteFaultAsync(failure is null ? fault : fault with { Message = failure.Message });
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var scopes = Context.GetEndpoint()?.Metadata.GetMetadata<ScopeRequirement>()?.Names ?? [];
        Response.Headers.WWWAuthenticate = $"Bearer realm=\"{Realm}\", error=\"insufficient_scope\", scope=\"{string.Join(' ', scopes)}\"";
        return Context.WriteFaultAsync(new Fault(FaultKind.Forbidden, "forbidden", $"The credential lacks the scope {string.Join(" or ", scopes)}."));
    }

    private static Task<AuthenticateResult> Refuse(string message) => Task.FromResult(AuthenticateResult.Fail(message));
}
