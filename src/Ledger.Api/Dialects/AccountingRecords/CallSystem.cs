using Ledger.Api.Security;
using Ledger.Domain;
using Ledger.Projections.Integrations;

namespace Ledger.Api.Dialects.AccountingRecords;

/// <summary>The system a call is about: the vendor of the tenant's active integration; with none active, the one configured for the client. Reads and reports need no integration.</summary>
internal static class CallSystem
{
    public static async Task<SystemId> OfAsync(LedgerClient client, IntegrationQueries integrations, CancellationToken cancellationToken) =>
        (await integrations.ActiveAsync(client.TenantId, cancellationToken))?.System ?? new SystemId(client.SystemId);
}
