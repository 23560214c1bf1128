using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ledger.Api.Webhooks.Delivery;

/// <summary>The Standard Webhooks scheme (standardwebhooks.com): HMAC-SHA256 over <c>id.timestamp.body</c>.</summary>
internal static class WebhookSignature
{
    /// <summary>One <c>v1,…</c> per secret, separated by spaces: a receiver accepts the delivery if any of them fits.</summary>
    public static string Of(IEnumerable<byte[]> secrets, string id, DateTimeOffset timestamp, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{Seconds(timestamp)}."), .. body];
        return string.Join(' ', secrets.Select(secret => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, signed))}"));
    }

    public static string Seconds(DateTimeOffset timestamp) => timestamp.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
