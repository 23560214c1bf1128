using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Projections.Items;
using Ledger.Projections.Systems;

namespace Ledger.Api.Commands;

/// <summary>Opens one attempt on one item.</summary>
public sealed class OpenExport(CommandRunner runner, ItemStates items, SystemRegistry systems)
{
    /// <param name="againIfExported">Whether an exported item may be exported once more.</param>
    /// <returns>Why it is refused and the item as it is (null: the record is unknown), or the attempt with its recorded time.</returns>
    public async Task<(Refusal? Refusal, ItemSnapshot? Item, Attempt? Opened)> HandleAsync(
        CommandContext context, SystemId system, RecordId record, bool againIfExported, CancellationToken cancellationToken)
    {
        // A refused call must not make a system known. One that is known needs no look before the one the decision takes.
        if (!systems.IsKnown(context.TenantId, system) && !(await items.LoadAsync(context.TenantId, system, [record], cancellationToken)).ContainsKey(record)) return (Refusal.RecordUnknown, null, null);
        await systems.EnsureKnownAsync(context.TenantId, system, cancellationToken);
        return await runner.RunAsync<(Refusal?, ItemSnapshot?, Attempt?)>(context, async (write, token) =>
        {
            var item = (await items.LoadAsync(context.TenantId, system, [record], token)).GetValueOrDefault(record);
            var batch = new ItemBatch();
            var outcome = batch.Decide(item, new ItemCommand.RequestExport(AttemptId.New(), null, 0, context.Dialect, item?.Record.IsReady ?? false, againIfExported));
            batch.AddTo(write);
            return at => (outcome.Refusal, item, at is { } time ? outcome.Item.Attempt!.RecordedAt(time) : null);
        }, cancellationToken);
    }
}
