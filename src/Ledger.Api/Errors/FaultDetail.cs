namespace Ledger.Api.Errors;

/// <summary>One wrong place.</summary>
/// <param name="Pointer">RFC 6901 JSON pointer into the body (<c>/records/3/amount</c>; empty = the whole body), or <c>?name</c> for a query parameter.</param>
public sealed record FaultDetail(string Pointer, string Message);
