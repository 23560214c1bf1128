using System.Text.Json;
using Ledger.Api.Errors;

namespace Ledger.Api.Dialects.AccountingEntries;

/// <summary>
/// The original's error body: <c>{"errors":[{"status","code","detail"}]}</c>, one element per fault. What is wrong with a
/// request is always 422, a body that is no JSON included: the original's framework sees such a body as an empty one.
/// </summary>
internal sealed class AccountingEntriesErrors() : ErrorShape("/v10/")
{
    public static readonly AccountingEntriesErrors Shape = new();

    /// <summary>The only code the original documents.</summary>
    private const int Code = 10000;

    public static Fault Invalid(IEnumerable<InputFault> faults)
    {
        var details = faults.Select(fault => new FaultDetail(fault.Element, fault.Message)).ToList();
        return Fault.Unprocessable("invalid_request", $"The request has {details.Count} faults.") with { Details = details };
    }

    protected override int StatusOf(Fault fault) =>
        fault.Kind is FaultKind.BadRequest ? StatusCodes.Status422UnprocessableEntity : base.StatusOf(fault);

    protected override void WriteBody(Utf8JsonWriter json, Fault fault, int status, string correlationId)
    {
        json.WriteStartObject();
        json.WriteStartArray("errors");
        foreach (var detail in Texts(fault))
        {
            json.WriteStartObject();
            json.WriteNumber("status", status);
            json.WriteNumber("code", Code);
            json.WriteString("detail", detail);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static IEnumerable<string> Texts(Fault fault) => fault.Details.Count == 0
        ? [fault.Message]
        : fault.Details.Select(detail => detail.Pointer.Length == 0 ? fault.Message : $"{Dotted(detail.Pointer)}: {detail.Message}");

    // The body reader names places by JSON pointers, this contract by dotted paths.
    private static string Dotted(string pointer) => pointer[0] == '/' ? pointer[1..].Replace('/', '.') : pointer;
}
