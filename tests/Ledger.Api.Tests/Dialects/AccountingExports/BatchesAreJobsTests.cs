using Ledger.Api.Tests.Hosting;
using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Domain.Jobs;
using Ledger.Projections.Items;
using Ledger.Projections.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Api.Tests.Dialects.AccountingExports;

public sealed class BatchesAreJobsTests(LedgerHost host)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_completes_with_its_last_result_and_counts_its_items()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Many(3));
        var (_, batch) = await tenant.Http.BatchAsync("r-1", "r-2", "r-3");
        var ids = (await tenant.Http.FindAsync($"?batch_id={batch.Text("batch_id")}")).Body["data"]!.AsArray().Select(export => export!.Text("export_id")).ToList();

        await tenant.Http.PutAsync(ids[0], new { status = "success" });
        await tenant.Http.PutAsync(ids[1], new { status = "failed", error_message = "no" });
        (await JobAsync(tenant, ids[2])).State.Status.ShouldBe(JobStatus.InProgress);
        await tenant.Http.CancelAsync(ids[2]);

        var job = await JobAsync(tenant, ids[2]);
        job.State.Status.ShouldBe(JobStatus.CompletedWithErrors);
        job.State.BatchId.ShouldBe(batch.Text("batch_id"));
        job.Counts.ShouldBe(new JobCounts(0, 0, 1, 1, 0, 1));
    }

    [Fact]
    public async Task A_mark_through_another_api_ends_the_open_export_as_successful()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("e1"));
        var (_, export) = await tenant.Http.ExportAsync("e1");
        var report = (await host.ServicesAsync()).GetRequiredService<Api.Commands.ReportResults>();
        await report.EachAsync(tenant.Context, new SystemId("tripletex"), [(new RecordId("e1"), new ItemCommand.MarkExported("by hand"))], Token);

        (await tenant.Http.FindAsync(export.Text("export_id"))).Body.Text("status").ShouldBe("success");
        (await tenant.Http.CancelAsync(export.Text("export_id"))).Body.Text("error").ShouldBe("export_final");
    }

    private async Task<JobSnapshot> JobAsync(TestTenant tenant, string exportId)
    {
        var services = await host.ServicesAsync();
        AttemptId.TryParse(exportId.AsSpan("exp_xp_".Length), out var attempt).ShouldBeTrue();
        var view = await services.GetRequiredService<AttemptPages>().FindAsync(tenant.Id, attempt, Token);
        return (await services.GetRequiredService<JobStates>().LoadAsync(tenant.Id, view!.Attempt.JobId!.Value, Token)).Job!;
    }
}
