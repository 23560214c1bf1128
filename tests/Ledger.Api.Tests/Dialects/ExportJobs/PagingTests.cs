using System.Text.Json;
using Ledger.Api.Tests.Hosting;
using static Ledger.Api.Tests.Dialects.ExportJobs.JobsClient;

namespace Ledger.Api.Tests.Dialects.ExportJobs;

/// <summary>Section 2: the four lists, page by page.</summary>
public sealed class PagingTests(LedgerHost host)
{
    [Fact]
    public async Task Q2_items_and_export_items_come_in_the_order_the_job_was_made_with()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        Guid[] entries = [.. (await tenant.EntriesAsync(5)).OrderDescending()];
        var job = await client.JobAsync(entries);

        (await client.GetAsync($"/v3/export-jobs/{job}/items")).Column("accountingEntryId").ShouldBe(entries.Select(entry => entry.ToString()));
        (await client.GetAsync($"/v3/export-items?job_id={job}")).Column("accountingEntryId").ShouldBe(entries.Select(entry => entry.ToString()));
    }

    [Fact]
    public async Task Q2_jobs_come_oldest_first()
    {
        var (client, jobs) = await EndedJobsAsync(3);

        (await client.GetAsync("/v3/export-jobs")).Column("id").ShouldBe(jobs);
    }

    [Theory]
    [InlineData("jobs")]
    [InlineData("items")]
    [InlineData("export-items")]
    [InlineData("search")]
    public async Task Walking_forwards_and_back_again_meets_every_row_once(string list)
    {
        var (client, ask, ids) = await ListOfAsync(list, 7);
        List<string> forwards = [], backwards = [];

        var page = await ask("limit=3");
        page.Pagination.GetProperty("hasPreviousPage").GetBoolean().ShouldBeFalse();
        forwards.AddRange(Ids(page, list));
        while (page.Pagination.GetProperty("hasNextPage").GetBoolean())
        {
            page = await ask($"limit=3&after={Uri.EscapeDataString(page.Pagination.Text("endCursor")!)}");
            page.Pagination.GetProperty("hasPreviousPage").GetBoolean().ShouldBeTrue();
            forwards.AddRange(Ids(page, list));
        }
        forwards.ShouldBe(ids);

        backwards.InsertRange(0, Ids(page, list));
        while (page.Pagination.GetProperty("hasPreviousPage").GetBoolean())
        {
            page = await ask($"limit=3&before={Uri.EscapeDataString(page.Pagination.Text("startCursor")!)}");
            page.Pagination.GetProperty("hasNextPage").GetBoolean().ShouldBeTrue();
            backwards.InsertRange(0, Ids(page, list));
        }
        backwards.ShouldBe(ids);
        page.Pagination.GetProperty("total").GetInt64().ShouldBe(7);
        _ = client;
    }

    [Theory]
    [InlineData("jobs")]
    [InlineData("items")]
    [InlineData("export-items")]
    [InlineData("search")]
    public async Task An_offset_skips_rows(string list)
    {
        var (_, ask, ids) = await ListOfAsync(list, 5);

        var page = await ask("offset=2&limit=2");

        Ids(page, list).ShouldBe(ids[2..4]);
        page.Pagination.GetProperty("hasPreviousPage").GetBoolean().ShouldBeTrue();
        page.Pagination.GetProperty("hasNextPage").GetBoolean().ShouldBeTrue();
        page.Pagination.GetProperty("currentRequestPagination").GetProperty("offset").GetInt64().ShouldBe(2);
        var beyond = await ask("offset=9223372036854775807");
        (beyond.Rows.Count, beyond.Pagination.GetProperty("hasPreviousPage").GetBoolean(), beyond.Pagination.GetProperty("hasNextPage").GetBoolean()).ShouldBe((0, true, false));
    }

    [Theory]
    [InlineData("accountingEntryId", "ASC")]
    [InlineData("accountingEntryId", "DESC")]
    [InlineData("status", "ASC")]
    [InlineData("status", "DESC")]
    [InlineData("exportedAt", "ASC")]
    [InlineData("exportedAt", "ASC_NULLS_FIRST")]
    [InlineData("exportedAt", "ASC_NULLS_LAST")]
    [InlineData("exportedAt", "DESC")]
    [InlineData("exportedAt", "DESC_NULLS_FIRST")]
    [InlineData("exportedAt", "DESC_NULLS_LAST")]
    public async Task Q3_items_can_be_sorted_and_paged_both_ways_in_every_order(string key, string order)
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(9);
        var job = await client.StartedJobAsync(entries);
        await client.PutAsync(job, Item(entries[0], "successful", exportedAt: "2026-05-04T08:00:03Z"), Item(entries[1], "successful", exportedAt: "2026-05-04T08:00:01Z"),
            Item(entries[2], "failed"), Item(entries[3], "in_progress"), Item(entries[4], "abandoned"), Item(entries[5], "successful", exportedAt: "2026-05-04T08:00:03Z"));
        var all = await client.GetAsync($"/v3/export-jobs/{job}/items?sorting_keys={key}&sorting_order={order}");
        var values = all.Rows.Select(row => row.Text(key)).ToList();

        var nullsFirst = order is "ASC_NULLS_FIRST" or "DESC" or "DESC_NULLS_FIRST";
        values.ShouldBe(Sorted(values, descending: order.StartsWith('D'), nullsFirst));
        var ids = all.Column("accountingEntryId");
        var page = await client.GetAsync($"/v3/export-jobs/{job}/items?sorting_keys={key}&sorting_order={order}&limit=2");
        var walked = page.Column("accountingEntryId");
        while (page.Pagination.GetProperty("hasNextPage").GetBoolean())
        {
            page = await client.GetAsync($"/v3/export-jobs/{job}/items?sorting_keys={key}&sorting_order={order}&limit=2&after={page.Pagination.Text("endCursor")}");
            walked.AddRange(page.Column("accountingEntryId"));
        }
        walked.ShouldBe(ids);
        var back = page.Column("accountingEntryId");
        while (page.Pagination.GetProperty("hasPreviousPage").GetBoolean())
        {
            page = await client.GetAsync($"/v3/export-jobs/{job}/items?sorting_keys={key}&sorting_order={order}&limit=2&before={page.Pagination.Text("startCursor")}");
            back.InsertRange(0, page.Column("accountingEntryId"));
        }
        back.ShouldBe(ids);
    }

    [Fact]
    public async Task Q3_several_keys_each_have_their_order()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(4);
        var job = await client.StartedJobAsync(entries);
        await client.PutAsync(job, Item(entries[1], "failed"), Item(entries[2], "failed"));

        var page = await client.GetAsync($"/v3/export-jobs/{job}/items?sorting_keys=status&sorting_keys=accountingEntryId&sorting_order=DESC&sorting_order=ASC");

        page.Column("status").ShouldBe(["pending", "pending", "failed", "failed"]);
        page.Column("accountingEntryId").ShouldBe([.. new[] { entries[0], entries[3] }.Order().Concat(new[] { entries[1], entries[2] }.Order()).Select(id => id.ToString())]);
        var echo = page.Pagination.GetProperty("currentRequestPagination");
        echo.GetProperty("sortingKeys").GetRawText().ShouldBe("""["status","accountingEntryId"]""");
        echo.GetProperty("sortingOrder").GetRawText().ShouldBe("""["DESC","ASC"]""");
    }

    [Theory]
    [InlineData("createdAt")]
    [InlineData("lastUpdatedAt")]
    [InlineData("id")]
    public async Task Q3_jobs_can_be_sorted_by(string key)
    {
        var (client, jobs) = await EndedJobsAsync(4);

        var newestFirst = await client.GetAsync($"/v3/export-jobs?sorting_keys={key}&sorting_order=DESC&limit=3");

        newestFirst.Column("id").ShouldBe(Enumerable.Reverse(jobs).Take(3));
        (await client.GetAsync($"/v3/export-jobs?sorting_keys={key}&sorting_order=DESC&limit=3&after={newestFirst.Pagination.Text("endCursor")}")).Column("id").ShouldBe(jobs.Take(1));
    }

    [Fact]
    public async Task Q3_export_items_can_be_sorted_by_date()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var registered = await tenant.RegisterAsync([.. Enumerable.Range(0, 3).Select(day => ARecord.Named($"d{day}") is var record ? record with { Content = record.Content with { PostedAt = ARecord.BookedAt.AddDays(-day) } } : null!)]);
        var job = await client.JobAsync(registered.Select(record => record.Uuid));

        (await client.GetAsync($"/v3/export-items?job_id={job}&sorting_keys=date")).Column("accountingEntryId").ShouldBe([.. registered.Reverse().Select(record => record.Uuid.ToString())]);
    }

    [Theory]
    [InlineData("", 50)]
    [InlineData("limit=7", 7)]
    [InlineData("limit=100", 100)]
    [InlineData("limit=500", 100)]
    [InlineData("limit=2147483647", 100)]
    public async Task Q1_limit_is_50_by_default_and_100_at_most(string query, int limit)
    {
        var (_, ask, _) = await ListOfAsync("items", 101);

        var page = await ask(query);

        page.Rows.Count.ShouldBe(limit);
        page.Pagination.GetProperty("currentRequestPagination").GetProperty("limit").GetInt32().ShouldBe(limit);
    }

    [Fact]
    public async Task Section_2_limit_0_gives_no_rows_and_the_total()
    {
        var (_, ask, _) = await ListOfAsync("items", 3);

        var page = await ask("limit=0");

        page.Rows.ShouldBeEmpty();
        page.Pagination.GetProperty("total").GetInt64().ShouldBe(3);
        page.Pagination.TryGetProperty("startCursor", out _).ShouldBeFalse();
        page.Pagination.TryGetProperty("endCursor", out _).ShouldBeFalse();
        page.Pagination.GetProperty("hasNextPage").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Section_2_the_request_is_echoed()
    {
        var (client, jobs) = await EndedJobsAsync(2);
        var first = await client.GetAsync("/v3/export-jobs?limit=1");
        var cursor = first.Pagination.Text("endCursor");

        var page = await client.GetAsync($"/v3/export-jobs?company_id={client.CompanyId}&statuses=failed&statuses=completed&limit=1&after={cursor}");

        var echo = page.Pagination.GetProperty("currentRequestPagination");
        echo.GetProperty("parameters").GetRawText().ShouldBe($$"""{"company_id":["{{client.CompanyId}}"],"statuses":["failed","completed"]}""");
        echo.Text("after").ShouldBe(cursor);
        echo.TryGetProperty("before", out _).ShouldBeFalse();
        page.Column("id").ShouldBe([jobs[1]]);
    }

    [Theory]
    [InlineData("limit=-1")]
    [InlineData("limit=ten")]
    [InlineData("limit=2147483648")]
    [InlineData("limit=")]
    [InlineData("limit=1&limit=2")]
    [InlineData("offset=-1")]
    [InlineData("offset=9223372036854775808")]
    [InlineData("offset=0&after=CURSOR")]
    [InlineData("after=CURSOR&before=CURSOR")]
    [InlineData("after=CURSOR&after=CURSOR")]
    [InlineData("after=")]
    [InlineData("after=GEYWEMDD~GA======")]
    [InlineData("after=not-a-cursor")]
    [InlineData("after=%27%3B%20drop%20table")]
    [InlineData("before=AAAAAAAA")]
    [InlineData("sorting_keys=amount")]
    [InlineData("sorting_keys=createdAt")]
    [InlineData("sorting_keys=status%20desc%3B--")]
    [InlineData("sorting_keys=status&sorting_order=UP")]
    [InlineData("sorting_keys=status&sorting_order=asc")]
    [InlineData("sorting_keys=status&sorting_order=ASC&sorting_order=DESC")]
    [InlineData("sorting_keys=status&sorting_keys=exportedAt&sorting_order=ASC")]
    [InlineData("sorting_order=ASC")]
    [InlineData("sorting_keys=status&sorting_keys=status&sorting_order=ASC&sorting_order=ASC")]
    [InlineData("status=exported")]
    [InlineData("status=pending&status=failed")]
    [InlineData("status=")]
    public async Task Section_2_conflicting_or_malformed_parameters_are_400(string query)
    {
        var (_, ask, _) = await ListOfAsync("items", 1);
        var cursor = (await ask("")).Pagination.Text("endCursor")!;

        var answer = await ask(query.Replace("CURSOR", cursor, StringComparison.Ordinal));

        (answer.Status, answer.Type).ShouldBe((400, "BAD_REQUEST"));
    }

    [Fact]
    public async Task A_cursor_of_another_list_another_order_or_another_tenant_is_400()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var job = await client.JobAsync(await tenant.EntriesAsync(2));
        var cursor = (await client.GetAsync($"/v3/export-jobs/{job}/items?limit=1")).Pagination.Text("endCursor");
        var (stranger, others) = await JobsClient.NewAsync(host);
        var strangersJob = await stranger.JobAsync(await others.EntriesAsync(2));

        (await client.GetAsync($"/v3/export-jobs/{job}/items?after={cursor}")).Status.ShouldBe(200);
        (await client.GetAsync($"/v3/export-items?job_id={job}&after={cursor}")).Status.ShouldBe(400);
        (await client.GetAsync($"/v3/export-jobs/{job}/items?sorting_keys=status&after={cursor}")).Status.ShouldBe(400);
        (await stranger.GetAsync($"/v3/export-jobs/{strangersJob}/items?after={cursor}")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Rows_that_leave_the_filter_between_two_pages_shift_nothing()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(6);
        var job = await client.StartedJobAsync(entries);
        var first = await client.GetAsync($"/v3/export-jobs/{job}/items?status=pending&limit=3");

        await client.PutAsync(job, [.. entries.Take(3).Select(entry => Item(entry, "successful"))]);
        var second = await client.GetAsync($"/v3/export-jobs/{job}/items?status=pending&limit=3&after={first.Pagination.Text("endCursor")}");

        second.Column("accountingEntryId").ShouldBe(entries.Skip(3).Select(entry => entry.ToString()));
        second.Pagination.GetProperty("hasPreviousPage").GetBoolean().ShouldBeFalse();
        second.Pagination.GetProperty("total").GetInt64().ShouldBe(3);
    }

    private static List<string> Ids(Answer page, string list) => page.Column(list == "jobs" ? "id" : "accountingEntryId");

    private static IEnumerable<string?> Sorted(IEnumerable<string?> values, bool descending, bool nullsFirst)
    {
        var known = values.Where(value => value is not null).Order(StringComparer.Ordinal);
        var nulls = values.Where(value => value is null);
        var sorted = descending ? known.Reverse() : known;
        return nullsFirst ? nulls.Concat(sorted) : sorted.Concat(nulls);
    }

    private async Task<(JobsClient Client, Func<string, Task<Answer>> Ask, string[] Ids)> ListOfAsync(string list, int count)
    {
        if (list == "jobs")
        {
            var (jobClient, jobs) = await EndedJobsAsync(count);
            return (jobClient, query => jobClient.GetAsync($"/v3/export-jobs?{query}"), [.. jobs]);
        }
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(count);
        var job = await client.JobAsync(entries);
        var body = JsonSerializer.Serialize(new { accountingEntryIds = entries });
        return (client, list switch
        {
            "items" => query => client.GetAsync($"/v3/export-jobs/{job}/items?{query}"),
            "export-items" => query => client.GetAsync($"/v3/export-items?job_id={job}&{query}"),
            _ => query => client.SendAsync(HttpMethod.Post, $"/v3/export-job-items:search?{query}", body),
        }, [.. entries.Select(entry => entry.ToString())]);
    }

    private async Task<(JobsClient Client, List<string> Jobs)> EndedJobsAsync(int count)
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(1);
        var jobs = new List<string>();
        for (var index = 0; index < count; index++)
        {
            jobs.Add(await client.JobAsync(entries));
            await client.EventAsync(jobs[^1], "failed");
        }
        return (client, jobs);
    }
}
