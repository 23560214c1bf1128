using Ledger.Domain;
using Ledger.Domain.Integrations;
using Ledger.Projections.Integrations;

namespace Ledger.Api.Commands;

/// <summary>Disconnects an integration, or makes it active again.</summary>
public sealed class MoveIntegration(CommandRunner runner, IntegrationQueries integrations)
{
    /// <returns>
    /// The integration after the command (null: unknown), the integration that was active before it, and why it is refused, or null.
    /// </returns>
    public Task<(IntegrationSnapshot? Integration, IntegrationSnapshot? Active, Refusal? Refusal)> HandleAsync(
        CommandContext context, IntegrationId id, IntegrationCommand command, CancellationToken cancellationToken) =>
        runner.RunAsync<(IntegrationSnapshot?, IntegrationSnapshot?, Refusal?)>(context, async (write, token) =>
        {
            var (asked, active) = await integrations.LoadAsync(context.TenantId, id, token);
            var state = asked?.State ?? IntegrationState.None;
            switch (IntegrationDecider.Decide(command, state, otherIsActive: active is not null && active.Id != id))
            {
                case Decision<IntegrationEvent>.Append append:
                    write.Append(id, state, append.Events[0]);
                    return at => (new IntegrationSnapshot(id, IntegrationDecider.Evolve(state, append.Events[0], at!.Value)), active, null);
                case Decision<IntegrationEvent>.Refuse refuse:
                    return _ => (asked, active, refuse.Reason);
                default:
                    return _ => (asked, active, null);
            }
        }, cancellationToken);
}
