using System.Text.Json;
using Ledger.Api.Errors;

namespace Ledger.Api.Dialects.AccountingRecords;

/// <summary><c>{"error_code","message","details"}</c>; <c>details</c> only when there is something to say.</summary>
internal sealed class AccountingRecordsErrors() : ErrorShape("/v3/accounting")
{
    public static readonly AccountingRecordsErrors Shape = new();

    public const string ActiveIntegrationExists = "ACTIVE_INTEGRATION_EXISTS";
    public const string VendorAccountIdMismatch = "VENDOR_ACCOUNT_ID_MISMATCH";
    public const string IntegrationNotActive = "INTEGRATION_NOT_ACTIVE";
    public const string NotFound = "NOT_FOUND";
    public const string InvalidRequest = "INVALID_REQUEST";
    public const string DuplicateRecordIds = "DUPLICATE_ACCOUNTING_RECORD_IDS";
    public const string NotReadyForExport = "ACCOUNTING_RECORD_NOT_READY_FOR_EXPORT";

    private const int MostFaultsInMessage = 10;
    private static readonly HashSet<string> OwnCodes =
        [ActiveIntegrationExists, VendorAccountIdMismatch, IntegrationNotActive, NotFound, InvalidRequest, DuplicateRecordIds, NotReadyForExport];

    // 422 has two meanings of its own in this contract, and a key used for two requests is neither.
    protected override int StatusOf(Fault fault) => fault.Code is "idempotency_key_reused" ? StatusCodes.Status400BadRequest : base.StatusOf(fault);

    protected override void WriteBody(Utf8JsonWriter json, Fault fault, int status, string correlationId)
    {
        json.WriteStartObject();
        if (fault.Kind is FaultKind.TooManyRequests)
        {
            // error_code has no word for it: this is the body the original's other APIs have.
            json.WriteString("type", "too_many_requests");
            json.WriteString("message", fault.Message);
        }
        else
        {
            json.WriteString("error_code", CodeOf(fault));
            json.WriteString("message", MessageOf(fault));
            if (fault.Members.Count > 0)
            {
                json.WriteStartObject("details");
                WriteMembers(json, fault);
                json.WriteEndObject();
            }
        }
        json.WriteEndObject();
    }

    // The contract closes the list of codes: what it does not name is an invalid request or an internal error.
    private static string CodeOf(Fault fault) => fault.Kind switch
    {
        _ when OwnCodes.Contains(fault.Code) => fault.Code,
        FaultKind.Unauthorized => "UNAUTHORIZED",
        FaultKind.Forbidden => "FORBIDDEN",
        FaultKind.NotFound => NotFound,
        >= FaultKind.Internal => "INTERNAL_ERROR",
        _ => InvalidRequest,
    };

    private static string MessageOf(Fault fault) => fault.Details.Count < 2
        ? fault.Message
        : $"{fault.Message} {string.Join(' ', fault.Details.Take(MostFaultsInMessage).Select(detail => $"{detail.Pointer}: {detail.Message}"))}";
}
