using Ledger.Api.Commands;
using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Domain.Jobs;
using Ledger.EventStore;
using Ledger.Projections.Rebuild;
using static Ledger.Api.Tests.Commands.LedgerKit;

namespace Ledger.Api.Tests.Commands;

/// <summary>Two reports on one job may be committed in another order than the one they were recorded in.</summary>
public sealed class JobTimesTests(LedgerKit ledger) : IClassFixture<LedgerKit>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_was_last_updated_at_the_later_of_the_recorded_times_whichever_is_committed_first()
    {
        var tenant = NewTenant();
        await ledger.Register.HandleAsync(tenant, [Record("a"), Record("b"), Record("c")], Token);
        var create = new JobCommand.Create(Erp, JobOrigin.AccountingExports, null, false, false, 0, "batch");
        RecordId[] records = [new("a"), new("b"), new("c")];
        var (job, _, _) = await ledger.OpenJob.HandleAsync(tenant, create, async (items, token) =>
        {
            var known = await items.LoadAsync(tenant.TenantId, Erp, records, token);
            return [.. records.Select(known.GetValueOrDefault)];
        }, againIfExported: false, started: true, Token);

        // A request with an idempotency key has its recorded time before it decides, and commits it last.
        var early = new DeferredWrite(await ledger.Store.NowAsync(Token));
        await ledger.EachAsync(tenant with { Deferred = early }, Erp, ("a", new ItemCommand.MarkExported(null)));
        var (_, later) = await ledger.EachAsync(tenant, Erp, ("b", new ItemCommand.MarkExported(null)));
        (await early.Taken!.Value.Write.CommitAsync(ledger.Store, early.Taken.Value.Metadata, recordedAt: early.RecordedAt, cancellationToken: Token)).ShouldBeOfType<AppendResult.Appended>().RecordedAt.ShouldBeLessThan(later!.Value);

        var (snapshot, _) = await ledger.Jobs.LoadAsync(tenant.TenantId, job!.Id, Token);
        snapshot!.LastUpdatedAt.ShouldBe(later.Value);
        var report = await new ReadModelRebuild(ledger.DataSource).RunAsync(replace: false, cancellationToken: Token);
        report.IsEqual.ShouldBeTrue(string.Join('\n', report.ReadModels.SelectMany(model => model.Examples)));
    }
}
