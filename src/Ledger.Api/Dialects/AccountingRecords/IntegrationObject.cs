using System.Text.Json;
using Ledger.Api.Errors;
using Ledger.Projections.Integrations;

namespace Ledger.Api.Dialects.AccountingRecords;

/// <summary>An integration as this contract shows it, and what it says when one is in the way.</summary>
internal static class IntegrationObject
{
    public const string Active = "ACTIVE";
    public const string Disabled = "DISABLED";

    public static JsonAnswer Answer(IntegrationSnapshot integration) => new(json => Write(json, integration));

    public static Fault Unknown { get; } = Fault.NotFound(AccountingRecordsErrors.NotFound, "No such integration.");

    /// <param name="requestedVendor">Of the integration that was to become active.</param>
    public static Fault ActiveExists(IntegrationSnapshot active, string requestedVendor) =>
        Fault.Conflict(AccountingRecordsErrors.ActiveIntegrationExists, "An integration is active for this account already; disconnect it first.") with
        {
            Members = new Dictionary<string, object?>
            {
                ["existing_integration_id"] = active.Id.Value,
                ["existing_vendor"] = active.State.Vendor,
                ["requested_vendor"] = requestedVendor,
            },
        };

    private static void Write(Utf8JsonWriter json, IntegrationSnapshot integration)
    {
        json.WriteStartObject();
        json.WriteString("integration_id", integration.Id.Value);
        json.WriteString("vendor", integration.State.Vendor);
        json.WriteString("vendor_account_id", integration.State.VendorAccountId);
        json.WriteString("status", integration.State.Active ? Active : Disabled);
        json.WriteString("created_at", TimeText.Of(integration.State.ConnectedAt));
        json.WriteEndObject();
    }
}
