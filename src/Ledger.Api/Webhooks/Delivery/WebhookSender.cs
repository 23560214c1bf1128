using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace Ledger.Api.Webhooks.Delivery;

/// <param name="Error">Null: accepted. Else <c>status</c>, <c>redirect</c>, <c>timeout</c>, <c>address_refused</c>, <c>name_not_resolved</c>, <c>connection_failed</c>, <c>tls_failed</c>, <c>invalid_answer</c> or <c>invalid_url</c>.</param>
internal readonly record struct SendResult(int? StatusCode, string? Error, int DurationMs);

/// <summary>Makes one attempt: a POST that trusts the receiver with nothing. No redirect is followed, no body is read, and after ten seconds it is over.</summary>
internal sealed class WebhookSender : IDisposable
{
    private const int MaxHeaderKilobytes = 16;
    private const int MaxDrainBytes = 4 * 1024;

    private static readonly ProductInfoHeaderValue Agent = new("export-ledger", "1.0");

    private readonly HttpClient _http;
    private readonly bool _allowPrivate;
    private readonly TimeSpan _timeout;

    public WebhookSender(bool allowPrivate, TimeSpan? timeout = null, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        (_allowPrivate, _timeout) = (allowPrivate, timeout ?? TimeSpan.FromSeconds(10));
        var connection = new GuardedConnection(allowPrivate, resolve ?? Dns.GetHostAddressesAsync);
        _http = new(new SocketsHttpHandler
        {
            ConnectCallback = connection.ConnectAsync,
            AllowAutoRedirect = false,
            // A proxy would resolve the name once more, and connect where we cannot check.
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            MaxResponseDrainSize = MaxDrainBytes,
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ActivityHeadersPropagator = null,
        })
        { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <exception cref="OperationCanceledException">The caller's token; a receiver that takes too long is a result.</exception>
    public async Task<SendResult> SendAsync(string url, string id, byte[] body, IReadOnlyList<byte[]> secrets, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (ReceiverAddress.Refuse(url, _allowPrivate) is not null) return new(null, IsUrl(url) ? "address_refused" : "invalid_url", 0);
        var began = Stopwatch.GetTimestamp();
        SendResult Result(int? status, string? error) => new(status, error, (int)Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_timeout);
        try
        {
            using var request = Request(url, id, body, secrets, now);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            var status = (int)response.StatusCode;
            return Result(status, status switch { >= 200 and < 300 => null, >= 300 and < 400 => "redirect", _ => "status" });
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Result(null, "timeout");
        }
        catch (HttpRequestException error)
        {
            return Result(null, Reason(error));
        }
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Request(string url, string id, byte[] body, IReadOnlyList<byte[]> secrets, DateTimeOffset now)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.UserAgent.Add(Agent);
        request.Headers.Add("Webhook-Id", id);
        request.Headers.Add("Webhook-Timestamp", WebhookSignature.Seconds(now));
        request.Headers.Add("Webhook-Signature", WebhookSignature.Of(secrets, id, now, body));
        return request;
    }

    private static bool IsUrl(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https";

    private static string Reason(HttpRequestException error)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is AddressRefusedException) return "address_refused";
            if (cause is System.Net.Sockets.SocketException { SocketErrorCode: System.Net.Sockets.SocketError.HostNotFound or System.Net.Sockets.SocketError.TryAgain or System.Net.Sockets.SocketError.NoData }) return "name_not_resolved";
        }
        return error.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => "name_not_resolved",
            HttpRequestError.SecureConnectionError => "tls_failed",
            HttpRequestError.ConnectionError => "connection_failed",
            _ => "invalid_answer",
        };
    }
}
