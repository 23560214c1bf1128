using Ledger.Api.Commands;
using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Domain;
using Ledger.Projections.Integrations;

namespace Ledger.Api.Dialects.AccountingRecords;

/// <summary><c>POST /v3/accounting/integration</c>: 200 for a new integration and for the very same one that is active already.</summary>
internal static class CreateIntegration
{
    private const int MaxAccountId = 1_000;

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/integration", HandleAsync).RequireScope("accounting.integration.write")
        .WithSummary("Create integration")
        .WithDescription("Connects a vendor. At most one integration is active: the same vendor and account again give the active one, unchanged; another account or another vendor is a conflict.")
        .WithRequestExample("""{"vendor":"NORTHLEDGER","vendor_account_id":"nl-org-4471"}""")
        .WithResponseExample(200, "The active integration, new or not.", Examples.Integration(IntegrationObject.Active))
        .WithErrors(400, 409);

    private static async Task<IResult> HandleAsync(HttpContext context, ConnectIntegration connect, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(context, JsonLimits.Dialect);
        if (body.Fault is { } malformed) return new FaultResult(malformed);
        var faults = new JsonFaults();
        var members = JsonMembers.Of(body.Root, faults);
        var vendor = members.NotBlank("vendor", SystemId.MaxLength);
        var account = members.NotBlank("vendor_account_id", MaxAccountId);
        if (faults.ToFault() is { } fault) return new FaultResult(fault);

        var (integration, connected) = await connect.HandleAsync(CommandContext.Of(context, AccountingRecordsDialect.Name), vendor!, account!, cancellationToken);
        if (connected) return IntegrationObject.Answer(integration);
        if (integration.State.Vendor != vendor) return new FaultResult(IntegrationObject.ActiveExists(integration, vendor!));
        return integration.State.VendorAccountId == account ? IntegrationObject.Answer(integration) : new FaultResult(Mismatch(integration, account!));
    }

    private static Fault Mismatch(IntegrationSnapshot active, string requested) =>
        Fault.Conflict(AccountingRecordsErrors.VendorAccountIdMismatch, "This vendor is already connected with a different vendor account id.") with
        {
            Members = new Dictionary<string, object?>
            {
                ["existing_integration_id"] = active.Id.Value,
                ["existing_vendor_account_id"] = active.State.VendorAccountId,
                ["requested_vendor_account_id"] = requested,
            },
        };
}
