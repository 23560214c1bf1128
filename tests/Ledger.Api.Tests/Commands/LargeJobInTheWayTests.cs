using Ledger.Api.Commands;
using Ledger.Domain;
using Ledger.Domain.Jobs;
using static Ledger.Api.Tests.Commands.LedgerKit;

namespace Ledger.Api.Tests.Commands;

/// <summary>A request that holds the room of large writes may have to end another large job on its way to an answer.</summary>
public sealed class LargeJobInTheWayTests(LedgerKit ledger) : IClassFixture<LedgerKit>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Is_ended_in_the_room_the_request_holds()
    {
        var tenant = NewTenant("export_jobs");
        RecordId[] records = [.. Enumerable.Range(1, LargeWrites.MaxSmall + 1).Select(number => new RecordId($"r-{number}"))];
        await ledger.Register.HandleAsync(tenant, [.. records.Select(record => Record(record.Value))], Token);
        var (job, _, _) = await ledger.OpenJob.HandleAsync(tenant, new JobCommand.Create(Erp, JobOrigin.ExportJobs, null, false, false, records.Length, null), async (items, token) =>
        {
            var known = await items.LoadAsync(tenant.TenantId, Erp, records, token);
            return [.. records.Select(known.GetValueOrDefault)];
        }, againIfExported: false, started: true, Token);
        using var deferred = new DeferredWrite(await ledger.Store.NowAsync(Token));
        var request = tenant with { Deferred = deferred };
        (await ledger.Large.EnterAsync(request, LargeWrites.ItemsAtOnce, Token)).ShouldBeNull();

        (await ledger.MoveJob.HandleAsync(request, job!.Id, new JobCommand.Expire(), Token, silentFor: TimeSpan.Zero)).ShouldBeNull();

        var (ended, _) = await ledger.Jobs.LoadAsync(tenant.TenantId, job.Id, Token);
        (ended!.State.ExpiredAt.HasValue, ended.Counts.Open, ended.Counts.Abandoned).ShouldBe((true, 0, records.Length));
        deferred.Taken.ShouldBeNull("what the ledger does by itself is no part of the request's write");
    }
}
