using System.Net;
using Ledger.Api.Commands;
using Ledger.Api.Tests.Hosting;
using Ledger.Domain;
using Ledger.Domain.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Api.Tests.Native;

public sealed class JobsTests(LedgerHost host)
{
    private async Task<JobId> OpenAsync(TestTenant tenant, params string[] records)
    {
        var open = (await host.ServicesAsync()).GetRequiredService<OpenJob>();
        var (system, ids) = (new SystemId("erp"), records.Select(id => new RecordId(id)).ToList());
        var (job, _, _) = await open.HandleAsync(
            tenant.Context with { Dialect = "accounting_exports" }, new JobCommand.Create(system, JobOrigin.AccountingExports, null, false, false, 0, $"batch-{Guid.NewGuid():N}"),
            async (items, token) => { var known = await items.LoadAsync(tenant.Id, system, ids, token); return [.. ids.Select(known.GetValueOrDefault)]; },
            againIfExported: false, started: true, TestContext.Current.CancellationToken);
        return job!.Id;
    }

    [Fact]
    public async Task Are_shown_with_their_counts_newest_first()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Many(4));
        var (older, newer) = (await OpenAsync(tenant, "r-1", "r-2", "r-3"), await OpenAsync(tenant, "r-4"));
        await tenant.Http.PostJsonAsync("/ledger/v1/systems/erp/results", """{"results":[{"record_id":"r-1","outcome":"exported"},{"record_id":"r-2","outcome":"failed","failure":{"reason":"r"}}]}""");

        var jobs = (await tenant.Http.AskAsync("/ledger/v1/jobs")).Ok().GetProperty("jobs");

        jobs.Each("id").ShouldBe([newer.ToString(), older.ToString()]);
        jobs.At(1, "counts").GetRawText().ShouldBe("""{"pending":1,"in_progress":0,"successful":1,"failed":1,"abandoned":0,"cancelled":0}""");
        (jobs.At(1).Text("origin"), jobs.At(1).Text("status"), jobs.At(1).GetProperty("number_of_items").GetInt32()).ShouldBe(("accounting_exports", "in_progress", 3));
        (await tenant.Http.AskAsync($"/ledger/v1/jobs/{older}")).Ok().GetRawText().ShouldBe(jobs.At(1).GetRawText());
    }

    [Fact]
    public async Task Are_paged_and_filtered()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Many(5));
        var opened = new List<string>();
        for (var number = 1; number <= 5; number++) opened.Add((await OpenAsync(tenant, $"r-{number}")).ToString());
        var seen = new List<string?>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await tenant.Http.AskAsync($"/ledger/v1/jobs?limit=2&origin=accounting_exports&system_id=erp&status=in_progress{cursor}")).Ok();
            seen.AddRange(page.GetProperty("jobs").Each("id"));
            cursor = page.GetProperty("next_cursor").GetString() is { } next ? $"&cursor={next}" : null;
        }

        seen.ShouldBe(opened.AsEnumerable().Reverse());
        (await tenant.Http.AskAsync("/ledger/v1/jobs?status=completed")).Ok().GetProperty("jobs").GetArrayLength().ShouldBe(0);
        (await tenant.Http.AskAsync("/ledger/v1/jobs?status=done")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Have_a_timeline_of_their_own_attempts_only()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Many(2));
        await tenant.Http.PostJsonAsync("/ledger/v1/systems/erp/results", """{"results":[{"record_id":"r-1","outcome":"failed","failure":{"reason":"before the job"}}]}""");
        var job = await OpenAsync(tenant, "r-1", "r-2");
        await tenant.Http.PostJsonAsync("/ledger/v1/systems/erp/results", """{"results":[{"record_id":"r-1","outcome":"exported"}]}""");
        await tenant.Http.PostJsonAsync("/ledger/v1/systems/erp/reopen", """{"record_ids":["r-1"],"reason":"after the job"}""");
        await tenant.SealedAsync();

        var first = (await tenant.Http.AskAsync($"/ledger/v1/jobs/{job}/timeline?limit=3")).Ok();
        var rest = (await tenant.Http.AskAsync($"/ledger/v1/jobs/{job}/timeline?limit=3&cursor={first.Text("next_cursor")}")).Ok();

        first.GetProperty("events").Each("type").Concat(rest.GetProperty("events").Each("type"))
            .ShouldBe(["job_created", "job_started", "export_requested", "export_requested", "item_exported"]);
    }

    [Fact]
    public async Task Hold_ten_thousand_items()
    {
        var tenant = await host.NewTenantAsync();
        for (var part = 0; part < 2; part++) await tenant.RegisterAsync(ARecord.Many(5_000, $"{part}-"));

        var job = await OpenAsync(tenant, [.. from part in Enumerable.Range(0, 2) from number in Enumerable.Range(1, 5_000) select $"{part}-{number}"]);

        (await tenant.Http.AskAsync($"/ledger/v1/jobs/{job}")).Ok().At("counts", "pending").GetInt32().ShouldBe(10_000);
        (await tenant.Http.AskAsync($"/ledger/v1/jobs/{job}/timeline?limit=1000")).Ok().GetProperty("events").GetArrayLength().ShouldBe(1_000);
    }

    [Fact]
    public async Task Change_their_tag_with_every_report()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Many(2));
        var job = await OpenAsync(tenant, "r-1", "r-2");
        var tag = (await tenant.Http.AskAsync($"/ledger/v1/jobs/{job}")).Headers.ETag!.ToString();

        (await tenant.Http.AskAsync($"/ledger/v1/jobs/{job}", ("If-None-Match", tag))).Status.ShouldBe(HttpStatusCode.NotModified);
        await tenant.Http.PostJsonAsync("/ledger/v1/systems/erp/results", """{"results":[{"record_id":"r-1","outcome":"exported"}]}""");
        (await tenant.Http.AskAsync($"/ledger/v1/jobs/{job}", ("If-None-Match", tag))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Of_another_tenant_are_unknown()
    {
        var (tenant, other) = (await host.NewTenantAsync(), await host.NewTenantAsync());
        await other.RegisterAsync(ARecord.Many(1));
        var job = await OpenAsync(other, "r-1");

        (await tenant.Http.AskAsync($"/ledger/v1/jobs/{job}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await tenant.Http.AskAsync($"/ledger/v1/jobs/{job}/timeline")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await tenant.Http.AskAsync("/ledger/v1/jobs/17")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await tenant.Http.AskAsync("/ledger/v1/jobs")).Ok().GetProperty("jobs").GetArrayLength().ShouldBe(0);
    }
}
