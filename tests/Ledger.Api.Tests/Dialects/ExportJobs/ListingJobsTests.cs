using Ledger.Api.Tests.Hosting;
using static Ledger.Api.Tests.Dialects.ExportJobs.JobsClient;

namespace Ledger.Api.Tests.Dialects.ExportJobs;

public sealed class ListingJobsTests(LedgerHost host)
{
    [Fact]
    public async Task Example_4_1_unfinished_jobs_of_the_company_as_a_polling_connector_asks()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var job = await client.JobAsync(await tenant.EntriesAsync(3));

        var page = await client.GetAsync($"/v3/export-jobs?company_id={client.CompanyId}&statuses=pending&statuses=in_progress&limit=50&sorting_keys=createdAt&sorting_order=ASC");

        page.Rows.ShouldHaveSingleItem().Text("id").ShouldBe(job);
        page.Pagination.GetProperty("currentRequestPagination").GetRawText().ShouldBe(
            $$"""{"parameters":{"company_id":["{{client.CompanyId}}"],"statuses":["pending","in_progress"]},"limit":50,"sortingKeys":["createdAt"],"sortingOrder":["ASC"]}""");
        page.Pagination.GetProperty("total").GetInt64().ShouldBe(1);
        page.Pagination.Text("startCursor").ShouldBe(page.Pagination.Text("endCursor"));
    }

    [Fact]
    public async Task Example_4_1_no_match_is_an_empty_list()
    {
        var (client, _) = await JobsClient.NewAsync(host);

        var page = await client.GetAsync("/v3/export-jobs");

        page.Rows.ShouldBeEmpty();
        page.Pagination.GetRawText().ShouldBe("""{"currentRequestPagination":{"parameters":{},"limit":50},"hasNextPage":false,"hasPreviousPage":false,"total":0}""");
    }

    [Theory]
    [InlineData("pending", 0)]
    [InlineData("in_progress", 1)]
    [InlineData("failed", 1)]
    [InlineData("completed", 1)]
    [InlineData("completed_with_errors", 1)]
    public async Task Section_4_1_statuses_filter(string status, int expected)
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(1);
        foreach (var @event in new[] { "completed", "completed_with_errors", "failed" }) await client.EventAsync(await client.StartedJobAsync(entries), @event);
        await client.StartedJobAsync(entries);

        var page = await client.GetAsync($"/v3/export-jobs?statuses={status}");

        page.Column("status").ShouldBe(Enumerable.Repeat(status, expected));
        page.Pagination.GetProperty("total").GetInt64().ShouldBe(expected);
    }

    [Theory]
    [InlineData("statuses=running")]
    [InlineData("statuses=pending,failed")]
    [InlineData("statuses=")]
    [InlineData("company_id=all")]
    [InlineData("company_id=00000000-0000-4000-8000-000000000001&company_id=00000000-0000-4000-8000-000000000001")]
    public async Task Unknown_filter_values_are_400(string query)
    {
        var (client, _) = await JobsClient.NewAsync(host);

        (await client.GetAsync($"/v3/export-jobs?{query}")).Type.ShouldBe("BAD_REQUEST");
    }

    [Fact]
    public async Task Q29_a_company_the_credential_does_not_cover_is_403()
    {
        var (client, _) = await JobsClient.NewAsync(host);
        var (_, other) = await JobsClient.NewAsync(host);

        foreach (var address in new[] { $"/v3/export-jobs?company_id={other.Id}", $"/v3/export-job-items?company_id={other.Id}&accounting_entry_id={Guid.NewGuid()}" })
            (await client.GetAsync(address)).Type.ShouldBe("FORBIDDEN");
        (await client.PostAsync($"/v3/export-job-items:search?company_id={other.Id}", new { accountingEntryIds = new[] { Guid.NewGuid() } })).Status.ShouldBe(403);
    }

    [Fact]
    public async Task Q29_a_job_of_another_company_is_404_on_every_route_and_untouched()
    {
        var (_, tenant) = await JobsClient.NewAsync(host);
        var owner = new JobsClient(tenant.Http, tenant.Id);
        var entries = await tenant.EntriesAsync(1);
        var job = await owner.JobAsync(entries);
        var (stranger, _) = await JobsClient.NewAsync(host);

        var answers = new[]
        {
            await stranger.GetAsync($"/v3/export-jobs/{job}"), await stranger.GetAsync($"/v3/export-jobs/{job}/items"), await stranger.GetAsync($"/v3/export-items?job_id={job}"),
            await stranger.PutAsync(job, Item(entries[0], "successful")), await stranger.EventAsync(job, "started"),
        };

        answers.ShouldAllBe(answer => answer.Status == 404 && answer.Type == "EXPORT_NOT_FOUND" && answer.Message == "No such export job.");
        (await stranger.GetAsync($"/v3/export-job-items?accounting_entry_id={entries[0]}")).Type.ShouldBe("EXPORT_ENTRY_NOT_FOUND");
        (await stranger.PostAsync("/v3/export-job-items:search", new { accountingEntryIds = entries })).Rows.ShouldBeEmpty();
        (await stranger.CreateAsync(entries)).Status.ShouldBe(400);
        (await owner.StatusAsync(job)).ShouldBe("pending");
    }

    [Fact]
    public async Task Section_4_3_an_unknown_job_is_404_and_an_id_that_is_none_400()
    {
        var (client, _) = await JobsClient.NewAsync(host);

        (await client.GetAsync($"/v3/export-jobs/{Guid.NewGuid()}")).Type.ShouldBe("EXPORT_NOT_FOUND");
        (await client.GetAsync($"/v3/export-jobs/{Guid.NewGuid()}/items")).Type.ShouldBe("EXPORT_NOT_FOUND");
        (await client.GetAsync("/v3/export-jobs/17")).Type.ShouldBe("BAD_REQUEST");
        (await client.PutAsync("17")).Type.ShouldBe("BAD_REQUEST");
    }

    [Fact]
    public async Task Section_1_ids_compare_without_case_and_come_back_in_lower_case()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var job = await client.JobAsync(await tenant.EntriesAsync(1));

        (await client.GetAsync($"/v3/export-jobs/{job.ToUpperInvariant()}")).Data.Text("id").ShouldBe(job);
        (await client.GetAsync($"/v3/export-jobs?company_id={client.CompanyId.ToUpperInvariant()}")).Rows.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Example_4_4_pending_items_two_at_a_time()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(3);
        var job = await client.JobAsync(entries);

        var page = await client.GetAsync($"/v3/export-jobs/{job}/items?status=pending&limit=2");

        page.Rows[0].GetRawText().ShouldBe($$"""{"exportJobId":"{{job}}","accountingEntryId":"{{entries[0]}}","status":"pending","externalId":null,"externalUrl":null,"exportedAt":null,"failureReason":null,"failureReasonType":null}""");
        page.Pagination.GetProperty("currentRequestPagination").GetRawText().ShouldBe("""{"parameters":{"status":["pending"]},"limit":2}""");
        (page.Pagination.GetProperty("hasNextPage").GetBoolean(), page.Pagination.GetProperty("total").GetInt64()).ShouldBe((true, 3));
    }

    [Theory]
    [InlineData("pending", 1)]
    [InlineData("in_progress", 1)]
    [InlineData("successful", 2)]
    [InlineData("failed", 1)]
    [InlineData("abandoned", 1)]
    public async Task Section_4_4_status_filters_items_and_their_total(string status, int expected)
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(6);
        var job = await client.StartedJobAsync(entries);
        await client.PutAsync(job, Item(entries[0], "in_progress"), Item(entries[1], "successful"), Item(entries[2], "successful"), Item(entries[3], "failed"), Item(entries[4], "abandoned"));

        var page = await client.GetAsync($"/v3/export-jobs/{job}/items?status={status}");

        page.Column("status").ShouldBe(Enumerable.Repeat(status, expected));
        page.Pagination.GetProperty("total").GetInt64().ShouldBe(expected);
    }

    [Fact]
    public async Task Example_4_7_the_item_of_an_entry_is_that_of_the_job_made_last()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(1);
        var first = await client.StartedJobAsync(entries);
        await client.PutAsync(first, Item(entries[0], "failed", failureReason: "No."));
        await client.EventAsync(first, "failed");
        var second = await client.StartedJobAsync(entries);
        await client.PutAsync(second, Item(entries[0], "successful", "JE-10452", "https://erp.example.com/journal/JE-10452", "2026-05-04T08:03:05Z"));

        var found = await client.GetAsync($"/v3/export-job-items?accounting_entry_id={entries[0]}");

        found.Data.GetRawText().ShouldBe($$"""{"exportJobId":"{{second}}","accountingEntryId":"{{entries[0]}}","status":"successful","externalId":"JE-10452","externalUrl":"https://erp.example.com/journal/JE-10452","exportedAt":"2026-05-04T08:03:05Z","failureReason":null,"failureReasonType":null}""");
    }

    [Fact]
    public async Task Section_4_7_an_entry_without_an_item_is_404_and_a_question_without_an_entry_400()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(1);

        (await client.GetAsync($"/v3/export-job-items?accounting_entry_id={entries[0]}")).Type.ShouldBe("EXPORT_ENTRY_NOT_FOUND");
        (await client.GetAsync("/v3/export-job-items")).Type.ShouldBe("BAD_REQUEST");
        (await client.GetAsync("/v3/export-job-items?accounting_entry_id=7")).Type.ShouldBe("BAD_REQUEST");
    }

    [Fact]
    public async Task Example_4_8_the_search_finds_items_of_entries_in_all_jobs_by_status()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(3);
        var first = await client.StartedJobAsync(entries);
        await client.PutAsync(first, Item(entries[0], "successful", "JE-1"));
        await client.EventAsync(first, "completed_with_errors");
        var second = await client.StartedJobAsync(entries[2], entries[0]);

        var successful = await client.PostAsync($"/v3/export-job-items:search?company_id={client.CompanyId}", new { accountingEntryIds = new[] { entries[0], entries[2] }, status = "successful" });
        var all = await client.PostAsync("/v3/export-job-items:search", new { accountingEntryIds = new[] { entries[0], entries[2] } });

        successful.Rows.ShouldHaveSingleItem().Text("exportJobId").ShouldBe(first);
        successful.Pagination.GetProperty("currentRequestPagination").GetRawText().ShouldBe($$"""{"parameters":{"company_id":["{{client.CompanyId}}"]},"limit":50}""");
        successful.Pagination.GetProperty("total").GetInt64().ShouldBe(1);
        all.Column("exportJobId").ShouldBe([first, first, second, second]);
        all.Column("accountingEntryId").ShouldBe([entries[0].ToString(), entries[2].ToString(), entries[2].ToString(), entries[0].ToString()]);
        all.Column("status").ShouldBe(["successful", "abandoned", "pending", "pending"]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"accountingEntryIds":[]}""")]
    [InlineData("""{"accountingEntryIds":["x"]}""")]
    [InlineData("""{"accountingEntryIds":"11b0c9a4-6f2e-4d1b-9c38-7a5e0d2f8b61"}""")]
    [InlineData("""{"accountingEntryIds":["11b0c9a4-6f2e-4d1b-9c38-7a5e0d2f8b61"],"status":"done"}""")]
    public async Task Section_4_8_a_search_without_entries_or_with_an_unknown_status_is_400(string body)
    {
        var (client, _) = await JobsClient.NewAsync(host);

        (await client.PostAsync("/v3/export-job-items:search", body)).Type.ShouldBe("BAD_REQUEST");
    }
}
