using System.Text.Json;
using Ledger.Api.Errors;
using Microsoft.AspNetCore.WebUtilities;

namespace Ledger.Api.Dialects.AccountingExports;

/// <summary>RFC 9457 problem details with the stable code in the member <c>error</c>.</summary>
internal sealed class AccountingExportsErrors() : NativeProblems("/api/v1/accounting-exports")
{
    public static new readonly AccountingExportsErrors Shape = new();

    protected override void WriteBody(Utf8JsonWriter json, Fault fault, int status, string correlationId)
    {
        json.WriteStartObject();
        json.WriteString("type", $"urn:export-ledger:problem:{fault.Code}");
        json.WriteString("title", ReasonPhrases.GetReasonPhrase(status));
        json.WriteNumber("status", status);
        json.WriteString("detail", fault.Message);
        json.WriteString("error", fault.Code);
        json.WriteString("correlation_id", correlationId);
        WriteMembers(json, fault);
        WriteErrors(json, fault);
        json.WriteEndObject();
    }
}
