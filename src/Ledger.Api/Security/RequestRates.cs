using System.Threading.RateLimiting;
using Ledger.Api.Errors;
using Ledger.Api.Hosting;

namespace Ledger.Api.Security;

/// <summary>How often one client may call: a token bucket each, so that a connector in a loop cannot take the service from the others.</summary>
/// <remarks>
/// Per client and node, counted after the credential is known: a stranger uses up nobody's bucket, and only registered clients
/// have one, which bounds the memory. Health and sign-in are not counted.
/// </remarks>
internal sealed class RequestRates(LedgerOptions options) : IDisposable
{
    /// <summary>Often enough that a caller at its limit is slowed down evenly, not stopped for a second.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly PartitionedRateLimiter<string> _clients = PartitionedRateLimiter.Create<string, string>(client =>
        RateLimitPartition.GetTokenBucketLimiter(client, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.RequestBurst,
            TokensPerPeriod = Math.Max(1, (int)(options.RequestsPerSecond * Period.TotalSeconds)),
            ReplenishmentPeriod = options.RequestsPerSecond >= 10 ? Period : TimeSpan.FromSeconds(1.0 / options.RequestsPerSecond),
            QueueLimit = 0,   // a request that waits here would hold a connection and tell its caller nothing
        }), StringComparer.Ordinal);

    /// <returns>Null when the request may pass.</returns>
    public Fault? Refuse(string clientId)
    {
        using var lease = _clients.AttemptAcquire(clientId);
        if (lease.IsAcquired) return null;
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var told) ? told : Period;
        return Fault.OfStatus(StatusCodes.Status429TooManyRequests) with
        {
            Message = $"More than {options.RequestsPerSecond} requests a second from this client. Nothing was read or written; send the request again after a pause.",
            RetryAfter = wait < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : wait,
        };
    }

    public void Dispose() => _clients.Dispose();
}

internal sealed class RequestRateMiddleware(RequestDelegate next, RequestRates rates)
{
    public Task InvokeAsync(HttpContext context) =>
        LedgerClient.Of(context) is { } client && rates.Refuse(client.ClientId) is { } fault ? context.WriteFaultAsync(fault) : next(context);
}
