using Ledger.Api.Commands;
using Ledger.Api.Tests.Hosting;
using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Domain.Jobs;
using Microsoft.Extensions.DependencyInjection;
using static Ledger.Api.Tests.Dialects.ExportJobs.JobsClient;

namespace Ledger.Api.Tests.Dialects.ExportJobs;

/// <summary>What other APIs do to a job's items, and what this one does for them.</summary>
public sealed class OtherDialectsTests(LedgerHost host)
{
    private static readonly SystemId Erp = new("erp");

    [Fact]
    public async Task An_item_exported_through_another_api_shows_here_at_once()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(2);
        var job = await client.StartedJobAsync(entries);

        await ReportAsync(tenant, new ItemCommand.ReportExported(new("JE-9", "https://erp/9", null, null)), new ItemCommand.ReportFailed("timeout", "Slow."));

        var items = await client.GetAsync($"/v3/export-jobs/{job}/items");
        items.Column("status").ShouldBe(["successful", "failed"]);
        items.Rows[0].Text("externalId").ShouldBe("JE-9");
        items.Rows[0].IsNull("exportedAt").ShouldBeFalse();
        (items.Rows[1].Text("failureReason"), items.Rows[1].Text("failureReasonType")).ShouldBe(("Slow.", "timeout"));
        (await client.GetAsync($"/v3/export-jobs/{job}/items?status=successful")).Pagination.GetProperty("total").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task A_mark_through_another_api_ends_the_item_and_a_repeat_of_it_is_no_error()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(1);
        var job = await client.StartedJobAsync(entries);
        await ReportAsync(tenant, new ItemCommand.MarkExported("by hand"));

        (await client.PutAsync(job, Item(entries[0], "successful"))).Rows.ShouldHaveSingleItem().Text("status").ShouldBe("successful");
        (await client.PutAsync(job, Item(entries[0], "failed"))).Errors.ShouldHaveSingleItem().Text("type").ShouldBe("EXPORT_ENTRY_STATUS_UPDATE_FAILED");
    }

    [Fact]
    public async Task An_item_whose_newest_attempt_is_another_ones_is_still_in_the_job()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(2);
        var job = await client.StartedJobAsync(entries);
        await client.PutAsync(job, Item(entries[0], "successful", "JE-1"));
        await ReportAsync(tenant, new ItemCommand.RequestExport(AttemptId.New(), null, 0, "accounting_exports", RecordIsReady: true, AgainIfExported: true));

        var repeated = await client.PutAsync(job, Item(entries[0], "successful", "JE-1"));
        var changed = await client.PutAsync(job, Item(entries[0], "failed"));

        repeated.Errors.ShouldBeEmpty();
        repeated.Rows.ShouldHaveSingleItem().Text("externalId").ShouldBe("JE-1");
        changed.Errors.ShouldHaveSingleItem().Text("type").ShouldBe("EXPORT_ENTRY_STATUS_UPDATE_FAILED");
        (await client.GetItemAsync(job, entries[0])).Text("status").ShouldBe("successful");
    }

    [Fact]
    public async Task An_entry_that_is_being_exported_elsewhere_makes_a_job_409()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(2);
        await ReportAsync(tenant, new ItemCommand.RequestExport(AttemptId.New(), null, 0, "accounting_exports", RecordIsReady: true, AgainIfExported: false));

        var answer = await client.CreateAsync(entries);

        (answer.Status, answer.Type).ShouldBe((409, "EXPORT_ALREADY_IN_PROGRESS"));
        answer.Message.ShouldBe("1 of the entries are being exported at the moment.");
    }

    [Fact]
    public async Task A_batch_of_accounting_exports_is_visible_neither_blocks_nor_is_blocked_and_completes_by_its_reports()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(3);
        var own = await client.JobAsync(entries[2]);

        var batch = await BatchAsync(tenant, entries[..2]);

        (await client.GetAsync("/v3/export-jobs?statuses=pending&statuses=in_progress")).Column("id").ShouldBe([own, batch]);
        (await client.PutAsync(batch, Item(entries[0], "successful"))).Rows.ShouldHaveSingleItem().Text("status").ShouldBe("successful");
        (await client.StatusAsync(batch)).ShouldBe("in_progress");
        await client.PutAsync(batch, Item(entries[1], "failed"));
        (await client.StatusAsync(batch)).ShouldBe("completed_with_errors");
        (await client.CreateAsync(entries[0])).Type409().ShouldBeTrue();   // its own job is in the way, not the batch
        await client.EventAsync(own, "failed");
        (await client.CreateAsync(entries[0])).Status.ShouldBe(201);
    }

    [Fact]
    public async Task Q32_a_user_cancels_a_job_outside_this_contract()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(2);
        var job = await client.StartedJobAsync(entries);
        await client.PutAsync(job, Item(entries[0], "successful"));

        var services = await host.ServicesAsync();
        (await services.GetRequiredService<MoveJob>().HandleAsync(tenant.Context, new JobId(Guid.Parse(job)), new JobCommand.Fail("canceled_by_user", "Cancelled."), TestContext.Current.CancellationToken)).ShouldBeNull();

        var row = await client.GetJobAsync(job);
        (row.Text("status"), row.Text("failureReasonType")).ShouldBe(("failed", "canceled_by_user"));
        (await client.GetAsync($"/v3/export-jobs/{job}/items")).Column("status").ShouldBe(["successful", "abandoned"]);
    }

    /// <summary>One command per record, from the first on.</summary>
    private async Task ReportAsync(TestTenant tenant, params ItemCommand[] commands)
    {
        var services = await host.ServicesAsync();
        var (outcomes, _) = await services.GetRequiredService<ReportResults>().EachAsync(
            tenant.Context, Erp, [.. commands.Select((command, index) => (new RecordId($"r-{index + 1}"), command))], TestContext.Current.CancellationToken);
        outcomes.ShouldAllBe(outcome => outcome.Applied);
    }

    private async Task<string> BatchAsync(TestTenant tenant, Guid[] entries)
    {
        var services = await host.ServicesAsync();
        var create = new JobCommand.Create(Erp, JobOrigin.AccountingExports, null, IsInteractive: false, VendorBasedBookkeeping: false, entries.Length, "batch-1");
        var (job, _, _) = await services.GetRequiredService<OpenJob>().HandleAsync(tenant.Context with { Dialect = "accounting_exports" }, create, async (states, token) =>
        {
            var known = await states.LoadAsync(tenant.Id, Erp, entries, token);
            return [.. entries.Select(known.GetValueOrDefault)];
        }, againIfExported: false, started: true, TestContext.Current.CancellationToken);
        return job!.Id.ToString();
    }
}
