namespace Ledger.Api.Errors;

/// <summary>What sort of "no" a fault is. The value is the HTTP status that says so; a dialect may map it to another one.</summary>
public enum FaultKind
{
    BadRequest = 400,
    Unauthorized = 401,
    Forbidden = 403,
    NotFound = 404,
    MethodNotAllowed = 405,
    NotAcceptable = 406,
    RequestTimeout = 408,
    Conflict = 409,
    Gone = 410,
    LengthRequired = 411,
    PreconditionFailed = 412,
    PayloadTooLarge = 413,
    UriTooLong = 414,
    UnsupportedMediaType = 415,
    Unprocessable = 422,
    TooManyRequests = 429,
    HeadersTooLarge = 431,
    Internal = 500,
    NotImplemented = 501,
    Unavailable = 503,
}
