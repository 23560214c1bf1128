using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Ledger.Cli.Terminal;

namespace Ledger.Cli.Service;

/// <summary>
/// The HTTP connection to one service: signs in when needed, repeats a request the service was too busy for or whose
/// connection broke, and gives up with a <see cref="CommandFailure"/>.
/// </summary>
/// <remarks>Every request sent through here can be repeated: reads, and record upserts by id.</remarks>
internal sealed class LedgerService(ServiceAddress address, Patience patience, Action<string> say) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = address.Url, Timeout = TimeSpan.FromSeconds(100) };
    private string? accessToken;
    private bool answeredOnce;

    public Task<ServiceAnswer> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);

    public Task<ServiceAnswer> GetAsync(string path, string mediaType, CancellationToken cancellationToken) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Accept = { new(mediaType) } } }, cancellationToken);

    /// <summary>An answer whose body is read as it comes, of any length. A connection that breaks while reading is the reader's to mend.</summary>
    public async Task<Stream> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), cancellationToken, streamed: true);
        return answer.Content!;
    }

    public Task<ServiceAnswer> PostAsync(string path, ReadOnlyMemory<byte> body, string mediaType, CancellationToken cancellationToken) =>
        SendAsync(
            () => new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } },
            },
            cancellationToken);

    private async Task<ServiceAnswer> SendAsync(Func<HttpRequestMessage> create, CancellationToken cancellationToken, bool streamed = false)
    {
        var signedInAgain = false;
        var started = Stopwatch.GetTimestamp();
        for (var tries = 1; ; tries++)
        {
            var answer = await TryAsync(create, streamed, cancellationToken);
            if (answer.Status == HttpStatusCode.Unauthorized && accessToken is not null && !signedInAgain)
            {
                // The token ran out or was revoked in the middle of a long import.
                accessToken = null;
                signedInAgain = true;
                continue;
            }

            if (!answer.WorthAnotherTry) return answer.Succeeded ? answer : throw answer.AsFailure(address);
            var wait = patience.Before(tries, answer.RetryAfter);
            // A service that never answered is more likely a wrong address than a restart: say so at once.
            var giveUp = (answer.Status is null && !answeredOnce) || Stopwatch.GetElapsedTime(started) + wait > patience.Total;
            if (giveUp) throw answer.AsFailure(address);
            say($"{answer.Reason} Trying again in {wait.TotalSeconds:0.#} s.");
            await Task.Delay(wait, cancellationToken);
        }
    }

    private async Task<ServiceAnswer> TryAsync(Func<HttpRequestMessage> create, bool streamed, CancellationToken cancellationToken)
    {
        try
        {
            if (accessToken is null && await SignInAsync(cancellationToken) is { } refusal) return refusal;
            using var request = create();
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
            var response = await http.SendAsync(request, streamed ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead, cancellationToken);
            answeredOnce = true;
            // An open stream owns its connection; whoever closes it gives the connection back.
            if (streamed && response.IsSuccessStatusCode) return await ServiceAnswer.OpenAsync(response, cancellationToken);
            using (response) return await ServiceAnswer.ReadAsync(response, cancellationToken);
        }
        catch (HttpRequestException lost)
        {
            return ServiceAnswer.Lost(lost.GetBaseException().Message);
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ServiceAnswer.Lost($"no answer within {http.Timeout.TotalSeconds:0} s");
        }
    }

    /// <returns>Null when signed in.</returns>
    private async Task<ServiceAnswer?> SignInAsync(CancellationToken cancellationToken)
    {
        using var form = new FormUrlEncodedContent([
            new("grant_type", "client_credentials"), new("client_id", address.ClientId), new("client_secret", address.ClientSecret)]);
        using var response = await http.PostAsync(new Uri("oauth2/token", UriKind.Relative), form, cancellationToken);
        answeredOnce = true;
        var answer = await ServiceAnswer.ReadAsync(response, cancellationToken);
        if (answer.WorthAnotherTry) return answer;
        // RFC 6749 5.2: a wrong client or secret may come back as 400 or 401.
        if (answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized)
            throw new CommandFailure(ExitCode.NotAllowed, $"{address.Url} does not accept client '{Printable.Line(address.ClientId)}' with this secret.");
        if (!answer.Succeeded) return answer;
        accessToken = answer.Json(address).TryGetProperty("access_token", out var token) && token.ValueKind == JsonValueKind.String
            ? token.GetString()
            : throw ServiceAnswer.NotALedger(address);
        return null;
    }

    public void Dispose() => http.Dispose();
}
