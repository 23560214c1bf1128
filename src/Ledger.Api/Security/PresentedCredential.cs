using System.Buffers;
using Ledger.Clients;

namespace Ledger.Api.Security;

internal enum CredentialKind
{
    None,

    /// <summary>There is something, and it is not one well-formed credential.</summary>
    Malformed,

    /// <summary>HTTP Basic with a password: a client secret belongs to the token endpoint only.</summary>
    SecretOutOfPlace,
    Token,
    ApiKey,
}

/// <summary>What a request shows to prove who it is, reduced to its hash at once: the text goes no further.</summary>
internal readonly record struct PresentedCredential(CredentialKind Kind, CredentialHash Hash)
{
    private static readonly PresentedCredential Malformed = new(CredentialKind.Malformed, default);

    /// <summary>The <c>b64token</c> of RFC 6750 §2.1 without its padding; our tokens are base64url.</summary>
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    /// <param name="queryAllowed">May <c>?access_token=</c> stand in for the header? Addresses end up in logs and histories, so only one dialect asks for it.</param>
    public static PresentedCredential Of(HttpRequest request, bool queryAllowed)
    {
        var headers = request.Headers.Authorization;
        var inQuery = queryAllowed ? request.Query["access_token"] : default;
        // Two credentials at once could belong to two clients; guessing which one was meant is not for us (RFC 6750 §2).
        return (headers.Count, inQuery.Count) switch
        {
            (0, 0) => default,
            (1, 0) => OfHeader(headers[0]),
            (0, 1) => Token(inQuery[0]),
            _ => Malformed,
        };
    }

    private static PresentedCredential OfHeader(ReadOnlySpan<char> header)
    {
        var space = header.IndexOf(' ');
        if (space <= 0) return Malformed;
        var scheme = header[..space];
        var value = header[space..].Trim(' ');
        if (scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)) return Token(value);
        return scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) ? ApiKey(value) : Malformed;
    }

    private static PresentedCredential Token(ReadOnlySpan<char> token) =>
        token.IsEmpty || token.Length > CredentialHash.LongestCredential || token.ContainsAnyExcept(TokenCharacters)
            ? Malformed
            : new PresentedCredential(CredentialKind.Token, new CredentialHash(token));

    private static PresentedCredential ApiKey(ReadOnlySpan<char> encoded)
    {
        Span<char> text = stackalloc char[BasicCredentials.LongestDecoded];
        if (!BasicCredentials.TryDecode(encoded, text, out var length)) return Malformed;
        var colon = text[..length].IndexOf(':');
        if (colon <= 0 || colon > CredentialHash.LongestCredential) return Malformed;
        return colon == length - 1
            ? new PresentedCredential(CredentialKind.ApiKey, new CredentialHash(text[..colon]))
            : new PresentedCredential(CredentialKind.SecretOutOfPlace, default);
    }
}
