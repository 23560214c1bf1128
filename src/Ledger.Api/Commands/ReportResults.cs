using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Projections.Items;
using Ledger.Projections.Systems;

namespace Ledger.Api.Commands;

/// <summary>Applies one command to each of several items of one system, in one transaction.</summary>
public sealed class ReportResults(CommandRunner runner, ItemStates states, SystemRegistry systems, LargeWrites large)
{
    /// <summary>Applies what can be applied; each item is answered by itself.</summary>
    /// <returns>Outcomes in the order asked, and the recorded time (null: nothing was written).</returns>
    public async Task<(IReadOnlyList<ItemOutcome> Outcomes, DateTimeOffset? RecordedAt)> EachAsync(
        CommandContext context, SystemId system, IReadOnlyList<(RecordId Record, ItemCommand Command)> reports, CancellationToken cancellationToken)
    {
        using var room = await large.EnterAsync(context, reports.Count, cancellationToken);
        await systems.EnsureKnownAsync(context.TenantId, system, cancellationToken);
        var ids = reports.Select(report => report.Record).Distinct().ToList();
        return await runner.RunAsync<(IReadOnlyList<ItemOutcome>, DateTimeOffset?)>(context, async (write, token) =>
        {
            var known = await states.LoadAsync(context.TenantId, system, ids, token);
            var batch = new ItemBatch();
            var outcomes = reports.Select(report => batch.Decide(known.GetValueOrDefault(report.Record), report.Command)).ToList();
            batch.AddTo(write);
            return at => (outcomes, at);
        }, cancellationToken);
    }

    /// <summary>Applies all or nothing.</summary>
    /// <param name="refuse">Looks at the loaded items (unknown ones are null) and says why the whole report is refused, or null.</param>
    /// <param name="commands">The command per item; called only when nothing is refused.</param>
    /// <returns>The refusal, or the outcomes in the order asked.</returns>
    public async Task<(TRefusal? Refusal, IReadOnlyList<ItemOutcome> Outcomes, DateTimeOffset? RecordedAt)> AllAsync<TRefusal>(
        CommandContext context, SystemId system, IReadOnlyList<RecordId> records, Func<IReadOnlyList<ItemSnapshot?>, TRefusal?> refuse, Func<int, ItemSnapshot, ItemCommand> commands,
        CancellationToken cancellationToken) where TRefusal : class
    {
        await systems.EnsureKnownAsync(context.TenantId, system, cancellationToken);
        return await runner.RunAsync<(TRefusal?, IReadOnlyList<ItemOutcome>, DateTimeOffset?)>(context, async (write, token) =>
        {
            var known = await states.LoadAsync(context.TenantId, system, records, token);
            var snapshots = records.Select(known.GetValueOrDefault).ToList();
            if (refuse(snapshots) is { } refusal) return _ => (refusal, [], null);
            var batch = new ItemBatch();
            var outcomes = snapshots.Select((snapshot, index) => batch.Decide(snapshot, commands(index, snapshot!))).ToList();
            batch.AddTo(write);
            return at => (null, outcomes, at);
        }, cancellationToken);
    }
}
