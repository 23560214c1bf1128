using Ledger.Api.Commands;
using Ledger.Clients;
using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Domain.Jobs;
using Ledger.Projections.Items;
using static Ledger.Api.Demo.DemoStep;

namespace Ledger.Api.Demo;

/// <summary>Applies the steps of the demo plan as a client would, one request after the other.</summary>
internal sealed class DemoPlayer(
    RegisterRecords register, ReportResults reports, ChangeRecord change, OpenJob open, MoveJob move, UpdateJobItems update)
{
    public static CommandContext Context(string dialect) => new(DemoClients.TenantId, "demo", dialect, Guid.CreateVersion7().ToString());

    /// <exception cref="InvalidOperationException">A step was refused: the plan contradicts the rules.</exception>
    public Task PlayAsync(DemoStep step, CancellationToken cancellationToken) => step switch
    {
        Job job => JobAsync(job, cancellationToken),
        SingleExports exports => SingleExportsAsync(exports, cancellationToken),
        Report report => ReportAsync(report.Dialect, report.System, report.Commands, cancellationToken),
        Change { Command: var command } changes => ChangeAsync(changes, command, cancellationToken),
        Revise revise => register.HandleAsync(Context(revise.Dialect), [.. revise.Records.Select(DemoSeeder.Incoming)], cancellationToken),
        _ => throw new InvalidOperationException($"No way to play {step.GetType().Name}."),
    };

    private async Task JobAsync(Job job, CancellationToken cancellationToken)
    {
        var system = new SystemId(job.System);
        var isBatch = job.Origin == JobOrigin.AccountingExports;
        var create = new JobCommand.Create(system, job.Origin, null, !isBatch, false, job.Items.Count, isBatch ? $"batch_{AttemptId.New()}" : null);
        List<RecordId> ids = [.. job.Items.Select(item => new RecordId(item.RecordId))];
        var started = job.End is not (DemoJobEnd.Pending or DemoJobEnd.Failed { Started: false });
        var (opened, inTheWay, refused) = await open.HandleAsync(Context(job.Dialect), create, async (states, token) =>
        {
            var known = await states.LoadAsync(DemoClients.TenantId, system, ids, token);
            return [.. ids.Select(known.GetValueOrDefault)];
        }, againIfExported: false, started && isBatch, cancellationToken);
        if (opened is null) throw new InvalidOperationException($"The demo job was refused: {(inTheWay is null ? refused[0].Reason : "another one is unfinished")}.");
        // An export job is started by the integration, in a request of its own.
        if (started && !isBatch) Expect(await move.HandleAsync(Context(job.Dialect), opened.Id, new JobCommand.Start(), cancellationToken));

        var told = job.Items.Zip(opened.Exports).Where(pair => pair.First.Outcome is not null);
        foreach (var hundred in told.Chunk(100))
        {
            var (_, outcomes) = await update.HandleAsync(Context(job.Dialect), opened.Id, [.. hundred.Select(pair => ItemReport(pair.Second.Item, pair.First.Outcome!))], cancellationToken);
            foreach (var outcome in outcomes) Expect(outcome.Refusal);
        }

        // A batch completes by itself, with the result of its last item.
        if (!isBatch && job.End is DemoJobEnd.Completed completed) Expect(await move.HandleAsync(Context(job.Dialect), opened.Id, new JobCommand.Complete(completed.WithErrors), cancellationToken));
        if (job.End is DemoJobEnd.Failed failed) Expect(await move.HandleAsync(Context(job.Dialect), opened.Id, new JobCommand.Fail(failed.Type, failed.Reason), cancellationToken));
    }

    private static JobItemReport ItemReport(ItemSnapshot item, DemoOutcome outcome) => outcome switch
    {
        DemoOutcome.Exported exported => new(item.Record.Uuid, AttemptStatus.Successful, exported.Reference, null, null),
        DemoOutcome.Failed failed => new(item.Record.Uuid, AttemptStatus.Failed, ExportReference.None, failed.Type, failed.Reason),
        _ => throw new InvalidOperationException($"A job has no {outcome.GetType().Name}."),
    };

    private async Task SingleExportsAsync(SingleExports exports, CancellationToken cancellationToken)
    {
        var attempts = exports.Items.ToDictionary(item => item, _ => AttemptId.New());
        await ReportAsync(exports.Dialect, exports.System,
            exports.Items.Select(item => (item.RecordId, (ItemCommand)new ItemCommand.RequestExport(attempts[item], null, 0, exports.Dialect, RecordIsReady: true, AgainIfExported: false))), cancellationToken);
        await ReportAsync(exports.Dialect, exports.System,
            exports.Items.Where(item => item.Outcome is not null).Select(item => (item.RecordId, Finish(attempts[item], item.Outcome!))), cancellationToken);
    }

    private static ItemCommand Finish(AttemptId attempt, DemoOutcome outcome) => outcome switch
    {
        DemoOutcome.Exported exported => new ItemCommand.FinishAttempt(attempt, true, exported.Reference, null),
        DemoOutcome.Failed failed => new ItemCommand.FinishAttempt(attempt, false, ExportReference.None, failed.Reason),
        _ => new ItemCommand.CancelAttempt(attempt),
    };

    private async Task ReportAsync(string dialect, string system, IEnumerable<(string RecordId, ItemCommand Command)> commands, CancellationToken cancellationToken)
    {
        var (outcomes, _) = await reports.EachAsync(Context(dialect), new SystemId(system), [.. commands.Select(command => (new RecordId(command.RecordId), command.Command))], cancellationToken);
        foreach (var outcome in outcomes) Expect(outcome.Refusal);
    }

    private async Task ChangeAsync(Change changes, Domain.Records.RecordCommand command, CancellationToken cancellationToken)
    {
        foreach (var id in changes.RecordIds) Expect(await change.HandleAsync(Context(changes.Dialect), new RecordId(id), command, cancellationToken));
    }

    private static void Expect(Refusal? refusal)
    {
        if (refusal is { } reason) throw new InvalidOperationException($"A step of the demo was refused: {reason}.");
    }
}
