using Ledger.Api.Tests.Hosting;

namespace Ledger.Api.Tests.Dialects.ExportJobs;

/// <summary>Table 7.1: event × status, and what each transition writes (7.2).</summary>
public sealed class EveryEventInEveryStatusTests(LedgerHost host)
{
    [Theory]
    [InlineData("pending", "started", "in_progress")]
    [InlineData("pending", "failed", "failed")]
    [InlineData("pending", "completed", null)]
    [InlineData("pending", "completed_with_errors", null)]
    [InlineData("in_progress", "started", null)]
    [InlineData("in_progress", "failed", "failed")]
    [InlineData("in_progress", "completed", "completed")]
    [InlineData("in_progress", "completed_with_errors", "completed_with_errors")]
    [InlineData("completed", "started", null)]
    [InlineData("completed", "failed", null)]
    [InlineData("completed", "completed", null)]
    [InlineData("completed", "completed_with_errors", null)]
    [InlineData("completed_with_errors", "started", null)]
    [InlineData("completed_with_errors", "failed", null)]
    [InlineData("completed_with_errors", "completed", null)]
    [InlineData("completed_with_errors", "completed_with_errors", null)]
    [InlineData("failed", "started", null)]
    [InlineData("failed", "failed", null)]
    [InlineData("failed", "completed", null)]
    [InlineData("failed", "completed_with_errors", null)]
    public async Task Table_7_1_event_in_status(string status, string @event, string? next)
    {
        var (client, job) = await InAsync(status);
        var before = (await client.GetJobAsync(job)).GetRawText();

        var answer = await client.EventAsync(job, @event);

        if (next is not null)
        {
            answer.Status.ShouldBe(202);
            (await client.StatusAsync(job)).ShouldBe(next);
            return;
        }
        (answer.Status, answer.Type).ShouldBe((422, "INVALID_EXPORT_JOB_STATUS_CHANGE"));
        answer.Message.ShouldBe($"Cannot apply '{@event}' to a job in status '{status}'.");
        (await client.GetJobAsync(job)).GetRawText().ShouldBe(before);
    }

    [Fact]
    public async Task Section_7_2_started_writes_started_at_and_leaves_the_items_pending()
    {
        var (client, job) = await InAsync("in_progress");

        var row = await client.GetJobAsync(job);
        row.IsNull("startedAt").ShouldBeFalse();
        row.Text("lastUpdatedAt").ShouldBe(row.Text("startedAt"));
        (await client.GetAsync($"/v3/export-jobs/{job}/items")).Column("status").ShouldBe(["pending"]);
    }

    [Theory]
    [InlineData("completed")]
    [InlineData("completed_with_errors")]
    public async Task Section_7_2_completion_writes_completed_at(string status)
    {
        var (client, job) = await InAsync(status);

        var row = await client.GetJobAsync(job);
        row.Text("completedAt").ShouldBe(row.Text("lastUpdatedAt"));
        row.IsNull("failureReasonType").ShouldBeTrue();
    }

    [Fact]
    public async Task Example_4_3_a_job_that_was_started_and_then_failed_by_the_integration()
    {
        var (client, job) = await InAsync("in_progress");

        (await client.EventAsync(job, "failed", "accounting_system_unreachable", "Ledger API did not answer.")).Status.ShouldBe(202);

        var row = await client.GetJobAsync(job);
        row.Text("status").ShouldBe("failed");
        row.Text("failureReasonType").ShouldBe("accounting_system_unreachable");
        row.Text("failureReason").ShouldBe("Ledger API did not answer.");
        row.IsNull("startedAt").ShouldBeFalse();
        row.IsNull("expiredAt").ShouldBeTrue();
    }

    [Fact]
    public async Task Q20_completed_at_of_a_failed_job_is_null()
    {
        var (client, job) = await InAsync("failed");

        (await client.GetJobAsync(job)).IsNull("completedAt").ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(JobFailureTypes))]
    public async Task Section_6_4_every_failure_type_of_a_job_is_accepted_and_shown(string type)
    {
        var (client, job) = await InAsync("pending");

        (await client.EventAsync(job, "failed", type)).Status.ShouldBe(202);

        (await client.GetJobAsync(job)).Text("failureReasonType").ShouldBe(type);
    }

    public static TheoryData<string> JobFailureTypes() =>
        [.. ExportJobsContract.Schemas.Named("ExportJobFailureReasonType").GetProperty("enum").EnumerateArray().Select(word => word.GetString()!)];

    [Fact]
    public async Task Q10_the_type_the_guide_tells_clients_to_send_is_accepted_although_the_list_lacks_it()
    {
        var (client, job) = await InAsync("in_progress");

        (await client.EventAsync(job, "failed", "accounting_system_validation_failure", "Refused.")).Status.ShouldBe(202);

        (await client.GetJobAsync(job)).Text("failureReasonType").ShouldBe("accounting_system_validation_failure");
    }

    [Theory]
    [InlineData("something_new")]
    [InlineData("vendor_unknown")]
    [InlineData("")]
    public async Task Q10_any_other_failure_type_is_400_and_the_job_stays(string type)
    {
        var (client, job) = await InAsync("in_progress");

        (await client.EventAsync(job, "failed", type)).Status.ShouldBe(400);

        (await client.StatusAsync(job)).ShouldBe("in_progress");
    }

    [Theory]
    [InlineData("started", "pending")]
    [InlineData("completed", "in_progress")]
    [InlineData("completed_with_errors", "in_progress")]
    public async Task Q11_failure_fields_with_another_event_are_accepted_and_ignored(string @event, string status)
    {
        var (client, job) = await InAsync(status);

        (await client.EventAsync(job, @event, "validation_failure", "Ignored.")).Status.ShouldBe(202);

        var row = await client.GetJobAsync(job);
        (row.IsNull("failureReason"), row.IsNull("failureReasonType")).ShouldBe((true, true));
    }

    [Fact]
    public async Task Q12_failed_without_a_reason_stores_nulls()
    {
        var (client, job) = await InAsync("failed");

        var row = await client.GetJobAsync(job);
        (row.IsNull("failureReason"), row.IsNull("failureReasonType")).ShouldBe((true, true));
    }

    [Fact]
    public async Task Q13_an_event_for_an_unknown_job_is_404()
    {
        var (client, _) = await JobsClient.NewAsync(host);

        var answer = await client.EventAsync(Guid.NewGuid().ToString(), "started");

        (answer.Status, answer.Type).ShouldBe((404, "EXPORT_NOT_FOUND"));
    }

    [Theory]
    [InlineData("""{"event":"started"}""")]
    [InlineData("""{"jobId":"8d0e2c1a-7b54-4f0e-9a35-2f6c1d9e4b70"}""")]
    [InlineData("""{"jobId":"8d0e2c1a-7b54-4f0e-9a35-2f6c1d9e4b70","event":"canceled"}""")]
    [InlineData("""{"jobId":"8d0e2c1a-7b54-4f0e-9a35-2f6c1d9e4b70","event":"STARTED"}""")]
    [InlineData("""{"exportJobId":"8d0e2c1a-7b54-4f0e-9a35-2f6c1d9e4b70","event":"started"}""")]
    [InlineData("""{"jobId":"not-a-uuid","event":"started"}""")]
    public async Task A_body_without_job_or_known_event_is_400(string body)
    {
        var (client, _) = await JobsClient.NewAsync(host);

        (await client.PostAsync("/v3/export-job-events", body)).Type.ShouldBe("BAD_REQUEST");
    }

    [Fact]
    public async Task Q28_of_two_clients_that_start_a_job_at_once_one_wins()
    {
        var (client, job) = await InAsync("pending");

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => client.EventAsync(job, "started")));

        answers.Count(answer => answer.Status == 202).ShouldBe(1);
        answers.Count(answer => answer.Status == 422 && answer.Type == "INVALID_EXPORT_JOB_STATUS_CHANGE").ShouldBe(5);
    }

    private async Task<(JobsClient Client, string Job)> InAsync(string status)
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var job = await client.JobAsync(await tenant.EntriesAsync(1));
        if (status is "in_progress" or "completed" or "completed_with_errors") (await client.EventAsync(job, "started")).Status.ShouldBe(202);
        if (status is "completed" or "completed_with_errors" or "failed") (await client.EventAsync(job, status)).Status.ShouldBe(202);
        (await client.StatusAsync(job)).ShouldBe(status);
        return (client, job);
    }
}
