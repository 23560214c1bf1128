using System.Net;
using System.Text.Json;
using Ledger.Cli.Terminal;

namespace Ledger.Cli.Service;

/// <summary>One answer of the service, read to its end; or the connection's end instead of an answer (<see cref="Status"/> null).</summary>
internal sealed record ServiceAnswer(HttpStatusCode? Status, string Reason, byte[] Body, string? MediaType, TimeSpan? RetryAfter)
{
    public bool Succeeded => Status is >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices;

    /// <summary>True for what passes by itself: a lost connection, a busy or restarting service.</summary>
    public bool WorthAnotherTry => Status is null
        or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
        or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    /// <summary>The body of an answer that is read as it comes; null: <see cref="Body"/> has it.</summary>
    public Stream? Content { get; private init; }

    public static async Task<ServiceAnswer> OpenAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        new(response.StatusCode, "", [], response.Content.Headers.ContentType?.MediaType, null) { Content = await response.Content.ReadAsStreamAsync(cancellationToken) };

    public static ServiceAnswer Lost(string why) => new(null, $"The connection failed: {Printable.Line(why)}.", [], null, null);

    public static async Task<ServiceAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            // Both times by the service's clock: ours may differ.
            { Date: { } date } => date - (response.Headers.Date ?? TimeProvider.System.GetUtcNow()),
            _ => (TimeSpan?)null,
        };
        var reason = $"The service answered {(int)response.StatusCode} {response.ReasonPhrase}.";
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return new ServiceAnswer(response.StatusCode, reason, body, response.Content.Headers.ContentType?.MediaType, asked);
    }

    /// <exception cref="CommandFailure">The body is not JSON: something else answers at this address.</exception>
    public JsonElement Json(ServiceAddress address)
    {
        try
        {
            using var document = JsonDocument.Parse(Body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw NotALedger(address);
        }
        catch (JsonException)
        {
            throw NotALedger(address);
        }
    }

    public static CommandFailure NotALedger(ServiceAddress address) =>
        new(ExitCode.Refused, $"What answers at {address.Url} is not an Export Ledger service.");

    public CommandFailure AsFailure(ServiceAddress address) => Status switch
    {
        null => new(ExitCode.Unreachable, $"Cannot reach the service at {address.Url}. {Reason}"),
        HttpStatusCode.Unauthorized => new(ExitCode.NotAllowed, $"The service does not accept the credentials of client '{Printable.Line(address.ClientId)}'."),
        HttpStatusCode.Forbidden => new(ExitCode.NotAllowed, $"Client '{Printable.Line(address.ClientId)}' may not do this. {Problem()}".TrimEnd()),
        _ when WorthAnotherTry => new(ExitCode.Unreachable, $"The service at {address.Url} stayed unavailable. {Reason}"),
        _ => new(ExitCode.Refused, $"{Reason} {Problem()}".TrimEnd()),
    };

    /// <summary>The sentence of an RFC 9457 problem; empty when the body is something else.</summary>
    private string Problem()
    {
        try
        {
            using var document = JsonDocument.Parse(Body);
            foreach (var member in (string[])["detail", "title"])
            {
                if (document.RootElement.ValueKind == JsonValueKind.Object
                    && document.RootElement.TryGetProperty(member, out var text) && text.ValueKind == JsonValueKind.String)
                    return Printable.Line(text.GetString());
            }
        }
        catch (JsonException)
        {
            // A proxy's HTML page says nothing a user of this tool could use.
        }

        return "";
    }
}
