using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace Ledger.Api.Security.OAuth;

/// <summary>After <see cref="Limit"/> failures within a minute, sign-ins for the same client from the same network wait for the next minute.</summary>
/// <remarks>
/// Successes are not counted: a connector may fetch as many tokens as it likes. The network is part of the key so that a stranger
/// cannot lock a client out; an IPv6 customer owns a /64. Ids that nobody registered share 16,384 buckets per network, which bounds
/// the memory. Per node: it slows guessing and spares the database, and 256 random bits do the rest.
/// </remarks>
internal sealed class FailedSignIns : IDisposable
{
    public const int Limit = 20;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<(IPAddress Network, int Bucket)> _failures =
        PartitionedRateLimiter.Create<(IPAddress Network, int Bucket), (IPAddress, int)>(key => RateLimitPartition.GetFixedWindowLimiter(
            key, _ => new FixedWindowRateLimiterOptions { PermitLimit = Limit, Window = Window, QueueLimit = 0 }));

    /// <summary>How long to wait, or null when the client may try.</summary>
    public TimeSpan? RetryAfter(HttpContext context, string clientId)
    {
        using var lease = _failures.AttemptAcquire(Key(context, clientId), permitCount: 0);
        if (lease.IsAcquired) return null;
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Window;
    }

    public void Count(HttpContext context, string clientId) => _failures.AttemptAcquire(Key(context, clientId)).Dispose();

    public void Dispose() => _failures.Dispose();

    private static (IPAddress, int) Key(HttpContext context, string clientId) =>
        (Network(context.Connection.RemoteIpAddress ?? IPAddress.None), string.GetHashCode(clientId, StringComparison.Ordinal) & 16_383);

    private static IPAddress Network(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily is not AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
