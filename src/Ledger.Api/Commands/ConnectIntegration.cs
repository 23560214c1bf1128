using Ledger.Domain;
using Ledger.Domain.Integrations;
using Ledger.Projections.Integrations;
using Ledger.Projections.Systems;

namespace Ledger.Api.Commands;

/// <summary>Connects a tenant to an accounting system, unless it is connected to one already.</summary>
public sealed class ConnectIntegration(CommandRunner runner, IntegrationQueries integrations, SystemRegistry systems)
{
    /// <returns>The new integration, or the active one in the way: asking for the very same connection again leaves no second trace.</returns>
    public async Task<(IntegrationSnapshot Integration, bool Connected)> HandleAsync(CommandContext context, string vendor, string vendorAccountId, CancellationToken cancellationToken)
    {
        var answer = await runner.RunAsync<(IntegrationSnapshot Integration, bool Connected)>(context, async (write, token) =>
        {
            if (await integrations.ActiveAsync(context.TenantId, token) is { } active) return _ => (active, false);
            var id = IntegrationId.New();
            var decision = IntegrationDecider.Decide(new IntegrationCommand.Connect(vendor, vendorAccountId), IntegrationState.None, otherIsActive: false);
            var connected = ((Decision<IntegrationEvent>.Append)decision).Events[0];
            write.Append(id, IntegrationState.None, connected);
            return at => (new IntegrationSnapshot(id, IntegrationDecider.Evolve(IntegrationState.None, connected, at!.Value)), true);
        }, cancellationToken);
        // What is connected gets its queue now, not with its first report.
        if (answer.Connected) await context.AfterCommitAsync(_ => systems.EnsureKnownAsync(context.TenantId, answer.Integration.System, cancellationToken).AsTask());
        return answer;
    }
}
