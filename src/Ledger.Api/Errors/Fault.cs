namespace Ledger.Api.Errors;

/// <summary>Why a request is refused, in words any layer may use; the <see cref="ErrorShape"/> of the route turns it into the contract's body.</summary>
/// <param name="Code">Stable and machine-readable, lower_snake_case. A dialect translates it into its own constant.</param>
/// <param name="Message">For people. Never holds a credential, a payload or an exception text.</param>
public sealed record Fault(FaultKind Kind, string Code, string Message)
{
    /// <summary>One per place in the body that is wrong; empty when the fault is not about one place.</summary>
    public IReadOnlyList<FaultDetail> Details { get; init; } = [];

    /// <summary>What only some shapes can say beside the message, such as the id of the job in the way: strings, numbers, booleans and lists of them.</summary>
    public IReadOnlyDictionary<string, object?> Members { get; init; } = NoMembers;

    /// <summary>Sent as <c>Retry-After</c>, in whole seconds rounded up.</summary>
    public TimeSpan? RetryAfter { get; init; }

    private static readonly Dictionary<string, object?> NoMembers = [];

    public static Fault BadRequest(string code, string message) => new(FaultKind.BadRequest, code, message);

    public static Fault NotFound(string code, string message) => new(FaultKind.NotFound, code, message);

    public static Fault Conflict(string code, string message) => new(FaultKind.Conflict, code, message);

    public static Fault Unprocessable(string code, string message) => new(FaultKind.Unprocessable, code, message);

    /// <summary>A body that is well-formed JSON and breaks rules of the contract at the places named.</summary>
    public static Fault Invalid(IReadOnlyList<FaultDetail> details) =>
        new(FaultKind.BadRequest, "invalid_request", details is [var only]
            ? $"{(only.Pointer.Length == 0 ? "The body" : only.Pointer)}: {only.Message}"
            : $"The request has {details.Count} faults.")
        {
            Details = details,
        };

    /// <summary>The fault an answer without a body stands for: routing, authentication and Kestrel say only a status.</summary>
    public static Fault OfStatus(int status) => (FaultKind)status switch
    {
        FaultKind.BadRequest => new(FaultKind.BadRequest, "bad_request", "The request is malformed."),
        FaultKind.Unauthorized => new(FaultKind.Unauthorized, "unauthorized", "A valid credential is needed."),
        FaultKind.Forbidden => new(FaultKind.Forbidden, "forbidden", "The credential does not allow this."),
        FaultKind.NotFound => new(FaultKind.NotFound, "not_found", "There is nothing at this address."),
        FaultKind.MethodNotAllowed => new(FaultKind.MethodNotAllowed, "method_not_allowed", "This address does not support the method."),
        FaultKind.NotAcceptable => new(FaultKind.NotAcceptable, "not_acceptable", "None of the accepted media types is available."),
        FaultKind.RequestTimeout => new(FaultKind.RequestTimeout, "request_timeout", "The request arrived too slowly."),
        FaultKind.LengthRequired => new(FaultKind.LengthRequired, "length_required", "Content-Length is needed."),
        FaultKind.PayloadTooLarge => new(FaultKind.PayloadTooLarge, "payload_too_large", "The body is larger than this address accepts."),
        FaultKind.UriTooLong => new(FaultKind.UriTooLong, "uri_too_long", "The address is too long."),
        FaultKind.UnsupportedMediaType => new(FaultKind.UnsupportedMediaType, "unsupported_media_type", "The media type of the body is not supported."),
        FaultKind.TooManyRequests => new(FaultKind.TooManyRequests, "too_many_requests", "Too many requests; slow down."),
        FaultKind.HeadersTooLarge => new(FaultKind.HeadersTooLarge, "headers_too_large", "The request headers are too large."),
        FaultKind.Unavailable => Unavailable,
        >= FaultKind.Internal => new((FaultKind)status, "internal_error", "The service could not answer. The fault is ours and has been logged."),
        _ => new((FaultKind)status, "request_failed", "The request is refused."),
    };

    /// <summary>The database is away or overloaded. Nothing is known to be written; the same request may be sent again.</summary>
    public static Fault Unavailable { get; } =
        new(FaultKind.Unavailable, "unavailable", "The service cannot reach its database at the moment. Try again shortly.")
        {
            RetryAfter = TimeSpan.FromSeconds(2),
        };

    /// <summary>Others changed the same records every time. Nothing was written; the same request may be sent again.</summary>
    public static Fault Contended { get; } =
        new(FaultKind.Unavailable, "contended", "The same records are being changed by others. Nothing was written; send the request again.")
        {
            RetryAfter = TimeSpan.FromSeconds(2),
        };

    /// <summary>Too many requests of the same tenant wait for the database already. This one was not begun; the same request may be sent again.</summary>
    public static Fault Crowded { get; } =
        new(FaultKind.Unavailable, "crowded", "Too many requests are waiting for the database. Send the request again in a moment.")
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        };
}
