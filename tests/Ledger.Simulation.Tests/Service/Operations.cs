using Ledger.Api.Commands;
using Ledger.Api.Hosting;
using Ledger.Domain;
using Ledger.Domain.Integrations;
using Ledger.Domain.Items;
using Ledger.Domain.Jobs;
using Ledger.Domain.Records;
using Ledger.Projections.Writing;
using Ledger.Simulation.Tests.Clients;

namespace Ledger.Simulation.Tests.Service;

/// <summary>The command layer of the service as it is, of one node, and what its endpoints would answer.</summary>
internal sealed class Operations
{
    private readonly SimulatedItemStates _items;
    private readonly RegisterRecords _register;
    private readonly ChangeRecord _change;
    private readonly ReportResults _report;
    private readonly OpenExport _open;
    private readonly FinishExport _finish;
    private readonly OpenJob _openJob;
    private readonly MoveJob _moveJob;
    private readonly UpdateJobItems _update;
    private readonly JobExpiry _expiry;
    private readonly ConnectIntegration _connect;
    private readonly MoveIntegration _moveIntegration;

    public Operations(Link link, SimulatedStore store, LostRace race)
    {
        // Groups begin as soon as there is a place for them: a clock that runs outside of the simulated world has no say in it.
        var runner = new CommandRunner(store, race, new GroupCommit(store, worthwhile: 1, linger: TimeSpan.FromMinutes(10)));
        var (records, jobs, systems, integrations) = (new SimulatedRecordStates(link), new SimulatedJobStates(link), new SimulatedSystems(link), new SimulatedIntegrations(link));
        var large = new LargeWrites();   // nothing here is
        _items = new(link);
        _register = new(runner, records, large);
        _change = new(runner, records);
        _report = new(runner, _items, systems, large);
        _open = new(runner, _items, systems);
        _moveJob = new(runner, jobs, _items, store, large);
        var complete = new CompleteBatch(jobs, _moveJob);
        _finish = new(runner, new SimulatedAttempts(link), _items, complete);
        _openJob = new(runner, _items, new SimulatedJobQueries(link), systems, large);
        _expiry = new(jobs, _moveJob, complete, new LedgerOptions(), store);
        _update = new(runner, new SimulatedJobItemStates(link), _expiry, complete);
        _connect = new(runner, integrations, systems);
        _moveIntegration = new(runner, integrations);
    }

    public Task<Reply> RunAsync(Sent sent, CommandContext context) => sent.Planned.Request switch
    {
        Request.Register register => RegisterAsync(register, context),
        Request.ChangeStage change => ChangeAsync(change.Record, new RecordCommand.ChangeStage(change.Ready ? Stage.Ready : Stage.Review), context),
        Request.Withdraw withdraw => ChangeAsync(withdraw.Record, new RecordCommand.Withdraw(), context),
        Request.Mark mark => EachAsync(mark.System, mark.Records, new ItemCommand.MarkExported("marked"), context),
        Request.Report report => EachAsync(report.System, report.Records, Reported(report.Success, sent), context),
        Request.Reopen reopen => EachAsync(reopen.System, reopen.Records, new ItemCommand.Reopen("restored"), context),
        Request.ReportAll report => AllAsync(report, Reported(report.Success, sent), context),
        Request.OpenExport open => OpenAsync(open, context),
        Request.Finish finish => FinishAsync(new ItemCommand.FinishAttempt(sent.Attempt!.Value, finish.Success, ExportReference.None, finish.Success ? null : "refused"), sent, context),
        Request.Cancel => FinishAsync(new ItemCommand.CancelAttempt(sent.Attempt!.Value), sent, context),
        Request.OpenJob open => OpenJobAsync(open, context),
        Request.MoveJob move => MoveAsync(move.Word, sent.Job!.Value, context),
        Request.UpdateItems update => UpdateAsync(update, sent, context),
        Request.Connect connect => ConnectAsync(connect, context),
        Request.MoveIntegration move => MoveAsync(move, sent.Integration!.Value, context),
        Request.Look look => LookAsync(look, context),
        _ => throw new InvalidOperationException($"No answer for {sent.Planned.Request}."),
    };

    public static List<RecordId> Ids(string records) => [.. records.Split(',').Select(record => new RecordId(record))];

    private async Task<Reply> RegisterAsync(Request.Register register, CommandContext context)
    {
        var answers = await _register.HandleAsync(context, [.. Ids(register.Records).Select(id => new IncomingRecord(id, Content(register)))], default);
        var written = answers.Where(answer => answer.Status != Registration.Unchanged).Select(answer => new Effect(StreamIds.Of(answer.Id), answer.Version)).ToList();
        return new(written.Count > 0, written, []);
    }

    private async Task<Reply> ChangeAsync(string record, RecordCommand command, CommandContext context)
    {
        var id = new RecordId(record);
        return Said(await _change.HandleAsync(context, id, command, default), StreamIds.Of(id));
    }

    private async Task<Reply> EachAsync(string system, string records, ItemCommand command, CommandContext context)
    {
        var ids = Ids(records);
        var (outcomes, at) = await _report.EachAsync(context, new(system), [.. ids.Select(id => (id, command))], default);
        return Said(at is not null, new(system), ids, outcomes);
    }

    private async Task<Reply> AllAsync(Request.ReportAll report, ItemCommand command, CommandContext context)
    {
        var (ids, system) = (Ids(report.Records), new SystemId(report.System));
        var (refusal, outcomes, at) = await _report.AllAsync(context, system, ids,
            items => items.Any(item => item is null || item.Item.IsExported)
                ? [.. items.Select((item, index) => (item, index)).Where(pair => pair.item is null || pair.item.Item.IsExported)
                    .Select(pair => new Claim(StreamIds.Of(system, ids[pair.index]), $"{(pair.item is null ? Refusal.RecordUnknown : Refusal.AlreadyExported)}"))]
                : (List<Claim>?)null,
            (_, _) => command, default);
        return refusal is not null ? new(false, [], refusal) : Said(at is not null, system, ids, outcomes);
    }

    private async Task<Reply> OpenAsync(Request.OpenExport open, CommandContext context)
    {
        var (system, record) = (new SystemId(open.System), new RecordId(open.Record));
        var (refusal, _, opened) = await _open.HandleAsync(context, system, record, open.Again, default);
        var stream = StreamIds.Of(system, record);
        return opened is null ? Said(refusal, stream) : new(true, [new(stream, 0)], [new(stream, "attempt", $"{opened.Id}", "pending")], Attempt: $"{opened.Id}");
    }

    private async Task<Reply> FinishAsync(ItemCommand command, Sent sent, CommandContext context)
    {
        if (await _finish.HandleAsync(context, sent.Attempt!.Value, command, default) is not var (refusal, view)) return new(false, [], [new("", "attempt unknown")]);
        var stream = StreamIds.Of(view.System, view.RecordId);
        return refusal is { } reason
            ? new(false, [], [new(stream, $"{reason}", $"{sent.Attempt}")])
            : new(null, [], [new(stream, "attempt", $"{sent.Attempt}", Word(view.Attempt.Status))]);
    }

    private async Task<Reply> OpenJobAsync(Request.OpenJob open, CommandContext context)
    {
        var (system, ids) = (new SystemId(open.System), Ids(open.Records));
        var origin = open.OfExportJobs ? JobOrigin.ExportJobs : JobOrigin.AccountingExports;
        var create = new JobCommand.Create(system, origin, null, false, false, 0, open.OfExportJobs ? null : $"batch-{context.CorrelationId}");
        var (job, inTheWay, refused) = await _openJob.HandleAsync(context, create, async (items, token) =>
        {
            var known = await items.LoadAsync(context.TenantId, system, ids, token);
            return [.. ids.Select(known.GetValueOrDefault)];
        }, againIfExported: true, open.Started || !open.OfExportJobs, default);
        if (job is not null) return new(true, [new(StreamIds.Of(job.Id), 0), .. job.Exports.Select(export => new Effect(StreamIds.Of(system, export.Item.RecordId), 0))], [], Job: $"{job.Id}");
        return inTheWay is { } other
            ? new(false, [], [new(StreamIds.Of(other), "unfinished")])
            : new(false, [], [.. refused.Select(item => new Claim(StreamIds.Of(system, ids[item.Index]), $"{item.Reason}"))]);
    }

    private async Task<Reply> MoveAsync(string word, JobId job, CommandContext context)
    {
        if (word == "look") return await _expiry.LoadAsync(context, job, default) is { } snapshot ? new(null, [], [new(StreamIds.Of(job), "job", Status: Word(snapshot.State.Status))]) : new(false, [], []);
        JobCommand command = word switch { "start" => new JobCommand.Start(), "complete" => new JobCommand.Complete(false), _ => new JobCommand.Fail("stopped", "by hand") };
        return await _moveJob.HandleAsync(context, job, command, default) is { } refusal ? new(false, [], [new(StreamIds.Of(job), $"{refusal} {word}")]) : new(true, [new(StreamIds.Of(job), 0)], []);
    }

    private async Task<Reply> UpdateAsync(Request.UpdateItems update, Sent sent, CommandContext context)
    {
        var known = await _items.LoadAsync(context.TenantId, new("erp"), Ids(update.Records), default);
        var reports = known.Values.Select(item => new JobItemReport(item.Record.Uuid, update.Success ? AttemptStatus.Successful : AttemptStatus.Failed, ExportReference.None, null, update.Success ? null : "refused")).ToList();
        var answer = await _update.HandleAsync(context, sent.Job!.Value, reports, default);
        return answer.Job is { State.IsFinished: true } ? new(false, [], [new(StreamIds.Of(sent.Job.Value), "finished")]) : new(null, [], []);
    }

    private async Task<Reply> ConnectAsync(Request.Connect connect, CommandContext context)
    {
        var (integration, connected) = await _connect.HandleAsync(context, connect.Vendor, "account", default);
        return new(connected, connected ? [new(StreamIds.Of(integration.Id), 1)] : [], [], Integration: $"{integration.Id}");
    }

    private async Task<Reply> MoveAsync(Request.MoveIntegration move, IntegrationId id, CommandContext context)
    {
        var (_, _, refusal) = await _moveIntegration.HandleAsync(context, id, move.Reactivate ? new IntegrationCommand.Reactivate() : new IntegrationCommand.Disconnect(), default);
        return Said(refusal, StreamIds.Of(id));
    }

    private async Task<Reply> LookAsync(Request.Look look, CommandContext context)
    {
        var system = new SystemId(look.System);
        var items = await _items.LoadAsync(context.TenantId, system, Ids(look.Records), default);
        return new(false, [], [.. items.Values.Select(item => new Claim(StreamIds.Of(system, item.RecordId), "item", Version: item.Item.Version, Exported: item.Item.IsExported, Open: item.Item.OpenAttempt is not null))]);
    }

    private static Reply Said(bool wrote, SystemId system, List<RecordId> ids, IReadOnlyList<ItemOutcome> outcomes) => new(wrote,
        [.. outcomes.Select((outcome, index) => (outcome, index)).Where(pair => pair.outcome.Applied).Select(pair => new Effect(StreamIds.Of(system, ids[pair.index]), pair.outcome.Item.Version))],
        [.. outcomes.Select((outcome, index) => (outcome, index)).Where(pair => pair.outcome.Refusal is not null).Select(pair => new Claim(StreamIds.Of(system, ids[pair.index]), $"{pair.outcome.Refusal}"))]);

    private static Reply Said(Refusal? refusal, string stream) => new(refusal is null ? null : false, [], refusal is null ? [] : [new(stream, $"{refusal}")]);

    private static string Word<T>(T value) where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName($"{value}");

    private static ItemCommand Reported(bool success, Sent sent) =>
        success ? new ItemCommand.ReportExported(ExportReference.None with { ExternalId = $"E-{sent.Planned.Number}" }) : new ItemCommand.ReportFailed(null, $"refused {sent.Planned.Number}");

    private static RecordContent Content(Request.Register register) => new(
        RecordKind.AccountingEntry, SourceType.Card, register.Ready ? Stage.Ready : Stage.Review, new(100 + register.Content, "EUR"), null, null, null, null, null, null, [], null, null, null, null);
}
