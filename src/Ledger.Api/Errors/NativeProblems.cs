using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Ledger.Api.Errors;

/// <summary>Problem details of RFC 9457, as <c>/ledger/v1</c> writes them. Also used wherever no contract claims the path.</summary>
public class NativeProblems(params string[] pathPrefixes) : ErrorShape(pathPrefixes)
{
    public static readonly NativeProblems Shape = new("/ledger", "/oauth2", "/health");

    protected override string ContentType => "application/problem+json";

    protected override void WriteBody(Utf8JsonWriter json, Fault fault, int status, string correlationId)
    {
        ArgumentNullException.ThrowIfNull(fault);
        json.WriteStartObject();
        json.WriteString("type", $"urn:export-ledger:problem:{fault.Code}");
        json.WriteString("title", ReasonPhrases.GetReasonPhrase(status));
        json.WriteNumber("status", status);
        json.WriteString("detail", fault.Message);
        json.WriteString("code", fault.Code);
        json.WriteString("correlation_id", correlationId);
        WriteMembers(json, fault);
        WriteErrors(json, fault);
        json.WriteEndObject();
    }

    protected static void WriteErrors(Utf8JsonWriter json, Fault fault)
    {
        if (fault.Details.Count == 0) return;
        json.WriteStartArray("errors");
        foreach (var detail in fault.Details)
        {
            json.WriteStartObject();
            json.WriteString("pointer", detail.Pointer);
            json.WriteString("message", detail.Message);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
