using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Domain.Jobs;
using Ledger.Domain.Records;
using static Ledger.Api.Tests.Commands.LedgerKit;

namespace Ledger.Api.Tests.Commands;

public sealed class ReportingResultsTests(LedgerKit ledger) : IClassFixture<LedgerKit>
{
    private static readonly SystemId Wms = new("wms");
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_marked_record_leaves_the_queue_of_its_system_and_stays_in_the_others()
    {
        var tenant = NewTenant();
        var registered = await ledger.Register.HandleAsync(tenant, [Record("a"), Record("17"), Record("b")], Token);
        registered.Select(record => record.Number).ShouldBe([RecordIdentity.FirstDrawnNumber, 17, RecordIdentity.FirstDrawnNumber + 1]);

        (await ledger.NotExportedAsync(tenant, Erp)).ShouldBe(["17", "a", "b"]);
        await ledger.EachAsync(tenant, Wms, ("b", new ItemCommand.MarkExported(null)));
        var (outcomes, at) = await ledger.EachAsync(tenant, Erp, ("a", new ItemCommand.MarkExported("posted")), ("unknown", new ItemCommand.MarkExported(null)));

        outcomes[0].ItemAt(at).ExportedSince.ShouldBe(at);
        outcomes[1].Refusal.ShouldBe(Refusal.RecordUnknown);
        (await ledger.NotExportedAsync(tenant, Erp)).ShouldBe(["17", "b"]);
        (await ledger.NotExportedAsync(tenant, Wms)).ShouldBe(["17", "a"]);
        (await ledger.NotExportedAsync(tenant, Erp, at)).ShouldBe(["17", "b"]);
        (await ledger.NotExportedAsync(tenant, Erp, at!.Value.AddMicroseconds(-1))).ShouldBe(["17", "a", "b"]);
        (await ledger.NotExportedAsync(NewTenant(), Erp)).ShouldBeEmpty();
        (await ledger.ItemAsync(tenant, Erp, "a")).ShouldBe(outcomes[0].ItemAt(at));
    }

    [Fact]
    public async Task A_reopened_item_is_offered_again_and_a_withdrawn_record_is_not()
    {
        var tenant = NewTenant();
        await ledger.Register.HandleAsync(tenant, [Record("a"), Record("b"), Record("c", stage: Stage.Review)], Token);
        await ledger.EachAsync(tenant, Erp, ("a", new ItemCommand.ReportExported(new("JE-1", null, null, null))), ("b", new ItemCommand.ReportExported(new("JE-2", null, null, null))));
        (await ledger.NotExportedAsync(tenant, Erp)).ShouldBeEmpty();

        await ledger.EachAsync(tenant, Erp, ("a", new ItemCommand.Reopen("restored from backup")));
        (await ledger.NotExportedAsync(tenant, Erp)).ShouldBe(["a"]);
        await ledger.Change.HandleAsync(tenant, new("c"), new RecordCommand.ChangeStage(Stage.Ready), Token);
        (await ledger.NotExportedAsync(tenant, Erp)).ShouldBe(["a", "c"]);
        await ledger.Change.HandleAsync(tenant, new("a"), new RecordCommand.Withdraw(), Token);
        (await ledger.NotExportedAsync(tenant, Erp)).ShouldBe(["c"]);

        var counts = (await ledger.Counts.ListAsync(tenant.TenantId, Token)).ShouldHaveSingleItem();
        (counts.Offered, counts.Exported, counts.Failed).ShouldBe((1, 1, 0));
    }

    [Fact]
    public async Task A_job_counts_its_items_and_abandons_the_open_ones_when_it_fails()
    {
        var tenant = NewTenant("export_jobs");
        var records = await ledger.Register.HandleAsync(tenant, [Record("a"), Record("b"), Record("c")], Token);
        var uuids = records.Select(record => record.Uuid).ToList();
        var create = new JobCommand.Create(Erp, JobOrigin.ExportJobs, null, true, false, 0, null);
        var (job, _, _) = await ledger.OpenJob.HandleAsync(tenant, create, async (items, token) =>
        {
            var known = await items.LoadAsync(tenant.TenantId, Erp, uuids, token);
            return [.. uuids.Select(uuid => known.GetValueOrDefault(uuid))];
        }, againIfExported: true, started: false, Token);
        job.ShouldNotBeNull();

        (await ledger.OpenJob.HandleAsync(tenant, create, (_, _) => throw new InvalidOperationException("not reached"), true, false, Token)).InTheWay.ShouldBe(job.Id);
        (await ledger.MoveJob.HandleAsync(tenant, job.Id, new JobCommand.Start(), Token)).ShouldBeNull();
        var (_, outcomes) = await ledger.UpdateJobItems.HandleAsync(tenant, job.Id,
        [
            new(uuids[0], AttemptStatus.Successful, new("JE-1", null, null, null), null, null),
            new(uuids[1], AttemptStatus.Failed, ExportReference.None, "vendor_unknown", "Vendor 4711 is blocked"),
        ], Token);
        outcomes.ShouldAllBe(outcome => outcome.Refusal == null && !outcome.Attempt!.IsOpen);
        (await ledger.MoveJob.HandleAsync(tenant, job.Id, new JobCommand.Fail("accounting_system_unreachable", null), Token)).ShouldBeNull();

        var (after, _) = await ledger.Jobs.LoadAsync(tenant.TenantId, job.Id, Token);
        after!.Counts.ShouldBe(new(0, 0, 1, 1, 1, 0));
        after.State.Status.ShouldBe(JobStatus.Failed);
        (await ledger.ItemAsync(tenant, Erp, "c")).Attempt!.Status.ShouldBe(AttemptStatus.Abandoned);
        (await ledger.NotExportedAsync(tenant, Erp)).ShouldBe(["b", "c"]);
    }

    [Fact]
    public async Task Of_two_reports_at_once_one_makes_the_first_mark_and_the_other_a_second_one()
    {
        var tenant = NewTenant();
        await ledger.Register.HandleAsync(tenant, [Record("a")], Token);
        var reports = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ledger.EachAsync(tenant, Erp, ("a", new ItemCommand.MarkExported(null)))));

        var item = await ledger.ItemAsync(tenant, Erp, "a");
        item.Version.ShouldBe(8);
        item.ExportedSince.ShouldBe(reports.Min(report => report.RecordedAt));
        item.LastExportedAt.ShouldBe(reports.Max(report => report.RecordedAt));
    }

    [Fact]
    public async Task A_record_sent_again_unchanged_leaves_no_trace_and_a_changed_one_is_revised()
    {
        var tenant = NewTenant();
        await ledger.Register.HandleAsync(tenant, [Record("a")], Token);
        var again = await ledger.Register.HandleAsync(tenant, [Record("a"), Record("a", text: "corrected"), Record("a", text: "corrected")], Token);

        again.Select(record => (record.Status, record.Version)).ShouldBe([(Api.Commands.Registration.Unchanged, 1), (Api.Commands.Registration.Revised, 2), (Api.Commands.Registration.Unchanged, 2)]);
    }
}
