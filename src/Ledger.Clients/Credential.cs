using System.Buffers.Text;
using System.Security.Cryptography;

namespace Ledger.Clients;

/// <summary>Makes secrets, API keys and access tokens: 256 bits from the system's generator, in base64url.</summary>
/// <remarks>
/// They are stored as plain SHA-256. A slow, salted hash (PBKDF2, Argon2) exists to make guessing a chosen password dear after the
/// table has leaked; 2^256 equally likely values cannot be guessed at any speed, and a slow hash in front of every token request
/// would be a way to exhaust the service. API keys and tokens also have to be found by their hash, which a salt rules out. So that
/// the argument holds, nobody can choose a secret: the only ones that are not random belong to the demo clients, whose secrets are
/// printed in the documentation anyway. Guessing over the network is limited by <c>POST /oauth2/token</c>.
/// </remarks>
public static class Credential
{
    /// <summary>A client secret. The prefix lets secret scanners find one that leaked into a repository.</summary>
    public static string NewSecret() => "els_" + NewRandom();

    /// <summary>An API key, sent as the user name of HTTP Basic.</summary>
    public static string NewApiKey() => "elk_" + NewRandom();

    /// <summary>An access token: 43 characters.</summary>
    public static string NewToken() => NewRandom();

    private static string NewRandom() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
