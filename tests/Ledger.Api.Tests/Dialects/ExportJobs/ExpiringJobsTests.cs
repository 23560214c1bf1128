using Ledger.Api.Tests.Hosting;
using static Ledger.Api.Tests.Dialects.ExportJobs.JobsClient;

namespace Ledger.Api.Tests.Dialects.ExportJobs;

/// <summary>A job nobody touches for an hour fails, and shows so to whoever asks first, by whichever route.</summary>
public sealed class ExpiringJobsTests
{
    private static readonly DateTimeOffset Eight = new(2026, 5, 4, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Q18_pending_and_running_jobs_expire_after_an_hour_and_not_a_second_before(bool started)
    {
        await using var silence = await SilentJobAsync(started, items: 2);
        var (client, job) = (silence.Client, silence.Job);
        silence.Clock.Set(Eight.AddSeconds(3599));
        (await client.StatusAsync(job)).ShouldBe(started ? "in_progress" : "pending");

        silence.Clock.Set(Eight.AddSeconds(3600));

        (await client.StatusAsync(job)).ShouldBe("failed");
    }

    [Fact]
    public async Task Q21_an_expired_job_says_when_and_why()
    {
        await using var silence = await SilentJobAsync();
        silence.Clock.Set(Eight.AddHours(2));

        var row = await silence.Client.GetJobAsync(silence.Job);

        (row.Text("status"), row.Text("failureReasonType"), row.Text("expiredAt"), row.Text("lastUpdatedAt")).ShouldBe(("failed", "job_expired", "2026-05-04T10:00:00Z", "2026-05-04T10:00:00Z"));
        row.Text("failureReason").ShouldNotBeNullOrEmpty();
        row.IsNull("completedAt").ShouldBeTrue();
    }

    [Fact]
    public async Task Q7_items_of_an_expired_job_are_abandoned_unless_they_had_a_result()
    {
        await using var silence = await SilentJobAsync(items: 3);
        var (client, job, entries) = (silence.Client, silence.Job, silence.Entries);
        await client.PutAsync(job, Item(entries[0], "successful", "JE-1"), Item(entries[1], "in_progress"));
        silence.Clock.Set(Eight.AddHours(1));

        var items = await client.GetAsync($"/v3/export-jobs/{job}/items");

        items.Column("status").ShouldBe(["successful", "abandoned", "abandoned"]);
    }

    [Fact]
    public async Task Q17_reports_and_events_start_the_hour_again_and_reading_does_not()
    {
        await using var silence = await SilentJobAsync(started: false);
        var (client, job, entries) = (silence.Client, silence.Job, silence.Entries);
        silence.Clock.Set(Eight.AddMinutes(50));
        await client.EventAsync(job, "started");
        silence.Clock.Set(Eight.AddMinutes(100));
        await client.PutAsync(job, Item(entries[0], "in_progress"));
        silence.Clock.Set(Eight.AddMinutes(150));
        (await client.StatusAsync(job)).ShouldBe("in_progress");

        silence.Clock.Set(Eight.AddMinutes(160));

        (await client.StatusAsync(job)).ShouldBe("failed");
    }

    [Theory]
    [InlineData("GET /v3/export-jobs", 200)]
    [InlineData("GET /v3/export-jobs?statuses=failed", 200)]
    [InlineData("GET /v3/export-jobs/JOB", 200)]
    [InlineData("GET /v3/export-jobs/JOB/items", 200)]
    [InlineData("GET /v3/export-items?job_id=JOB", 422)]
    [InlineData("GET /v3/export-job-items?accounting_entry_id=ENTRY", 200)]
    [InlineData("POST /v3/export-job-items:search", 200)]
    [InlineData("PUT /v3/export-jobs/JOB/items", 422)]
    [InlineData("POST /v3/export-job-events", 422)]
    [InlineData("POST /v3/export-jobs", 201)]
    public async Task Q19_expiry_is_seen_by_every_operation_before_it_answers(string operation, int status)
    {
        await using var silence = await SilentJobAsync(items: 1);
        var (client, entry) = (silence.Client, silence.Entries[0]);
        silence.Clock.Set(Eight.AddHours(1));
        var (method, address) = (operation.Split(' ')[0], operation.Split(' ')[1].Replace("JOB", silence.Job, StringComparison.Ordinal).Replace("ENTRY", entry.ToString(), StringComparison.Ordinal));
        var body = operation.Split(' ') switch
        {
            ["PUT", ..] => $$"""[{"accountingEntryId":"{{entry}}","status":"successful"}]""",
            ["POST", "/v3/export-job-events"] => $$"""{"jobId":"{{silence.Job}}","event":"completed"}""",
            ["POST", "/v3/export-jobs"] => $$"""{"companyId":"{{client.CompanyId}}","accountingEntryIds":["{{entry}}"]}""",
            ["POST", ..] => $$"""{"accountingEntryIds":["{{entry}}"]}""",
            _ => null,
        };

        var answer = await client.SendAsync(new(method), address, body);

        answer.Status.ShouldBe(status, answer.Text);
        if (answer.Status == 200) answer.Text.ShouldContain(address.Contains("item", StringComparison.Ordinal) ? "\"abandoned\"" : "\"job_expired\"");
        (await client.StatusAsync(silence.Job)).ShouldBe("failed");
    }

    [Fact]
    public async Task Q19_a_list_of_unfinished_jobs_does_not_show_the_expired_one()
    {
        await using var silence = await SilentJobAsync();
        silence.Clock.Set(Eight.AddHours(1));

        (await silence.Client.GetAsync("/v3/export-jobs?statuses=pending&statuses=in_progress")).Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_expired_job_expires_once_however_many_ask()
    {
        await using var silence = await SilentJobAsync(items: 1);
        var events = await silence.Tenant.CountEventsAsync();
        silence.Clock.Set(Eight.AddHours(1));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => silence.Client.GetAsync($"/v3/export-jobs/{silence.Job}")));

        answers.ShouldAllBe(answer => answer.Data.GetProperty("status").GetString() == "failed");
        (await silence.Tenant.CountEventsAsync() - events).ShouldBe(2);   // the job, and its one item
    }

    private static async Task<Silence> SilentJobAsync(bool started = true, int items = 1)
    {
        var clock = new ManualClock(Eight);
        var host = LedgerHost.WithClock(clock);
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(items);
        return new(host, clock, client, tenant, started ? await client.StartedJobAsync(entries) : await client.JobAsync(entries), entries);
    }

    private sealed record Silence(LedgerHost Host, ManualClock Clock, JobsClient Client, TestTenant Tenant, string Job, Guid[] Entries) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
