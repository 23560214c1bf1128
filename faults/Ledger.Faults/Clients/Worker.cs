using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.Faults.History;

namespace Ledger.Faults.Clients;

/// <summary>One client: sends what its seed draws, one request after the other, and notes what it was told.</summary>
/// <param name="name">Its own among the clients of the tenant.</param>
/// <param name="freshConnections">A connection for each request: a server that stops may close an idle one just when a request is sent on it, which says nothing about requests it has taken.</param>
/// <param name="repeats">Sends every request with a key twice or three times at once, to any node, and now and then the key with another body.</param>
internal sealed class Worker(Tenant tenant, string name, int seed, IReadOnlyList<Uri> nodes, bool repeats, bool freshConnections) : IDisposable
{
    // Longer than anything that is only slow.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Random _random = new(seed);
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2) }) { Timeout = TimeSpan.FromMinutes(2) };

    /// <summary>Requests with a key whose outcome no retry could tell.</summary>
    public int Unresolved { get; private set; }

    /// <summary>Answers with a status the contracts do not have.</summary>
    public List<string> Unhandled { get; } = [];

    /// <summary>Requests that were broken off after they had been taken.</summary>
    public List<string> BrokenOff { get; } = [];

    public int Sent { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        for (var round = 0; !stop.IsCancellationRequested; round++)
        {
            if (_random.Next(4) == 0) await LookAsync(stop);
            var call = Call.Draw(tenant, _random);
            // Job items are a list the contract answers one by one; everything else may carry a key.
            var key = repeats || _random.Next(2) == 0 ? $"{tenant.Name}-{name}-{round}" : null;
            var request = $"{tenant.Name}.{name}.{round}";
            if (repeats) await Task.WhenAll(Enumerable.Range(0, _random.Next(2, 4)).Select(copy => SendAsync(call, $"{request}.{copy}", request, key, stop)));
            else await SendAsync(call, $"{request}.0", request, key, stop);
            if (repeats && _random.Next(10) == 0) await ReuseAsync(call, key!, request, stop);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task SendAsync(Call call, string delivery, string request, string? key, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        for (var attempt = 0; clock.Elapsed < Patience; attempt++)
        {
            if (repeats) await Task.Delay(_random.Next(20), CancellationToken.None);
            var correlation = $"{delivery}.{attempt}";
            var (outcome, status, text) = await TryAsync(call, correlation, key);
            if (status != 0 || outcome == Outcome.Unknown) Note(call, correlation, request, outcome, status, text);
            // As a client that honours Retry-After: whoever asks on and on takes the machine from the server that recovers.
            if (outcome == Outcome.Unknown) await Task.Delay(_random.Next(30, 70), CancellationToken.None);
            if (outcome == Outcome.Ok || (outcome == Outcome.Fail && status is not (0 or 409 or 429)) || (outcome == Outcome.Unknown && key is null)) return;
            // 409 may be the contract's own refusal, too.
            if (status == 409 && text?.Contains("idempotency_key_in_use", StringComparison.Ordinal) != true) return;
            if (outcome == Outcome.Fail && key is null && stop.IsCancellationRequested) return;
            await Task.Delay(50, CancellationToken.None);
        }
        Unresolved++;
    }

    private void Note(Call call, string correlation, string request, Outcome outcome, int status, string? text)
    {
        var body = outcome == Outcome.Ok && text is { Length: > 0 } ? JsonNode.Parse(text) : null;
        if (call.Kind == "job create" && body?["data"]?["id"]?.GetValue<string>() is { } job) tenant.Job = job;
        tenant.Learn(body);
        if (status == 500 || (status == 422 && text?.Contains("idempotency_key_reused", StringComparison.Ordinal) == true)) Unhandled.Add($"{call.Kind}: {status} {text}");
        tenant.Log.Add(new Operation(correlation, request, call.Kind, outcome, status, outcome == Outcome.Ok ? call.Least(body) : 0, call.Most, call.Whole, text));
    }

    /// <returns>Status 0 and a failure: it was never sent.</returns>
    private async Task<(Outcome Outcome, int Status, string? Body)> TryAsync(Call call, string correlation, string? key)
    {
        using var message = new HttpRequestMessage(call.Method, new Uri(nodes[_random.Next(nodes.Count)], call.Path)) { Content = new StringContent(call.Body?.ToJsonString() ?? "", Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json")) };
        Sign(message);
        message.Headers.Add("X-Correlation-Id", correlation);
        message.Headers.ConnectionClose = freshConnections;
        if (key is not null) message.Headers.Add("Idempotency-Key", key);
        Sent++;
        try
        {
            using var response = await _http.SendAsync(message);
            var text = await response.Content.ReadAsStringAsync();
            var outcome = response.IsSuccessStatusCode ? Outcome.Ok : response.StatusCode >= HttpStatusCode.InternalServerError ? Outcome.Unknown : Outcome.Fail;
            return (outcome, (int)response.StatusCode, text);
        }
        catch (HttpRequestException error) when (error.HttpRequestError == HttpRequestError.ConnectionError)
        {
            return (Outcome.Fail, 0, null);
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException or IOException)
        {
            BrokenOff.Add($"{error.GetBaseException().GetType().Name}: {error.GetBaseException().Message}");
            return (Outcome.Unknown, 0, null);
        }
    }

    private async Task ReuseAsync(Call call, string key, string request, CancellationToken stop)
    {
        if (stop.IsCancellationRequested || call.Body is not JsonObject body) return;
        var other = body.DeepClone().AsObject();
        other["other"] = "another body";
        var (outcome, status, text) = await TryAsync(call with { Body = other }, $"{request}.9.0", key);
        // A request that wrote nothing leaves its key free: then this is another request.
        var isTaken = tenant.Log.HasWritten(request);
        if (isTaken && outcome == Outcome.Ok) Unhandled.Add($"{call.Kind}: the key of {request} was taken with another body");
        if (status != 0 || outcome == Outcome.Unknown) tenant.Log.Add(new Operation($"{request}.9.0", isTaken ? request : $"{request}.9", call.Kind, outcome, status, 0, call.Most, call.Whole, text));
    }

    private async Task LookAsync(CancellationToken stop)
    {
        var (system, record) = (_random.Next(2) == 0 ? "erp" : "dms", _random.Next(1, Tenant.Records + 1));
        using var message = new HttpRequestMessage(HttpMethod.Get, new Uri(nodes[_random.Next(nodes.Count)], $"/ledger/v1/systems/{system}/items/{record}"));
        Sign(message);
        try
        {
            using var response = await _http.SendAsync(message, stop);
            if (response.StatusCode != HttpStatusCode.OK) return;
            var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(stop))!;
            tenant.Log.Add(new Look(system, $"{record}", body["version"]!.GetValue<long>(), body["status"]!.GetValue<string>(), body["as_of"]!["position"]!.GetValue<long>()));
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException or IOException)
        {
            // A question without an answer says nothing.
        }
    }

    private void Sign(HttpRequestMessage message) => message.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{tenant.ApiKey}:")));
}
