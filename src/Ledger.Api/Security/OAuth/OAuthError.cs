namespace Ledger.Api.Security.OAuth;

/// <summary>An error of RFC 6749 §5.2. The description never repeats what was sent.</summary>
internal sealed record OAuthError(int Status, string Code, string Description)
{
    public static readonly OAuthError InvalidClient = new(StatusCodes.Status401Unauthorized, "invalid_client", "The client is unknown or its secret is wrong.");

    public TimeSpan? RetryAfter { get; init; }

    public static OAuthError InvalidRequest(string description) => new(StatusCodes.Status400BadRequest, "invalid_request", description);
}
