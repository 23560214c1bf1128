using Ledger.Domain;
using Ledger.Domain.Records;
using Ledger.Projections.Records;

namespace Ledger.Api.Commands;

/// <summary>Changes the standing of one record: its stage, or that it exists at all.</summary>
public sealed class ChangeRecord(CommandRunner runner, RecordStates states)
{
    /// <returns>Why it is refused, or null.</returns>
    public Task<Refusal?> HandleAsync(CommandContext context, RecordId id, RecordCommand command, CancellationToken cancellationToken) =>
        runner.RunAsync<Refusal?>(context, async (write, token) =>
        {
            var snapshot = (await states.LoadAsync(context.TenantId, [id], token)).GetValueOrDefault(id) ?? new(id, RecordState.NotRegistered);
            switch (RecordDecider.Decide(command, snapshot.State))
            {
                case Decision<RecordEvent>.Append append:
                    write.Append(snapshot, append.Events);
                    return _ => null;
                case Decision<RecordEvent>.Refuse refuse:
                    return _ => refuse.Reason;
                default:
                    return _ => null;
            }
        }, cancellationToken);
}
