using System.Text.Json;
using Ledger.Api.Tests.Hosting;
using static Ledger.Api.Tests.Dialects.ExportJobs.JobsClient;

namespace Ledger.Api.Tests.Dialects.ExportJobs;

public sealed class UpdatingItemsTests(LedgerHost host)
{
    [Fact]
    public async Task Example_4_5_success_failure_and_an_entry_of_another_job_in_one_request()
    {
        var (client, job, entries) = await RunningAsync(3);
        var stranger = Guid.Parse("99999999-9999-4999-8999-999999999999");

        var answer = await client.PutAsync(job,
            Item(entries[0], "successful", "JE-10452", "https://erp.example.com/journal/JE-10452", "2026-05-04T08:03:05Z"),
            Item(entries[1], "failed", failureReasonType: "vendor_unknown", failureReason: "Vendor 4711 is blocked in the ledger."),
            Item(stranger, "successful", "JE-10453"));

        answer.Status.ShouldBe(200);
        answer.Rows.Count.ShouldBe(2);
        answer.Rows[0].GetRawText().ShouldBe($$"""{"exportJobId":"{{job}}","accountingEntryId":"{{entries[0]}}","status":"successful","externalId":"JE-10452","externalUrl":"https://erp.example.com/journal/JE-10452","exportedAt":"2026-05-04T08:03:05Z","failureReason":null,"failureReasonType":null}""");
        answer.Rows[1].GetRawText().ShouldBe($$"""{"exportJobId":"{{job}}","accountingEntryId":"{{entries[1]}}","status":"failed","externalId":null,"externalUrl":null,"exportedAt":null,"failureReason":"Vendor 4711 is blocked in the ledger.","failureReasonType":"vendor_unknown"}""");
        var error = answer.Errors.ShouldHaveSingleItem();
        (error.GetProperty("accountingEntryId").GetGuid(), error.Text("type")).ShouldBe((stranger, "ACCOUNTING_ENTRY_DOES_NOT_EXIST"));
        (await client.GetItemAsync(job, entries[2])).Text("status").ShouldBe("pending");
    }

    [Fact]
    public async Task The_how_to_pages_own_sample_with_its_trailing_comma_is_accepted()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        string[] ids = ["59540ed2-0d68-4e36-9e31-58223975d9e9", "6678bcee-c6a4-4b49-bb1e-8f9fd653d16c", "9ea2ef81-4d73-460d-bbb4-ccf3da6f6f61", "0c76ea71-aaaa-4ece-bb68-e1166ccaea04"];
        await tenant.RegisterAsync([.. ids.Select(id => ARecord.Named(id))]);
        var job = await client.StartedJobAsync(ids.Select(Guid.Parse));

        var answer = await client.SendAsync(HttpMethod.Put, $"/v3/export-jobs/{job}/items", """
            [
              {
                "accountingEntryId": "59540ed2-0d68-4e36-9e31-58223975d9e9",
                "status": "successful",
                "exportedAt": "2026-04-22T10:08:56Z",
                "externalId": "ext-1234",
                "externalUrl": "ext-url"
              },
              {
                "accountingEntryId": "6678bcee-c6a4-4b49-bb1e-8f9fd653d16c",
                "status": "successful",
                "exportedAt": "2026-04-22T10:08:56Z",
                "externalId": "ext-5678",
                "externalUrl": "ext-url"
              },
              {
                "accountingEntryId": "9ea2ef81-4d73-460d-bbb4-ccf3da6f6f61",
                "status": "successful",
                "exportedAt": "2026-04-22T10:08:56Z",
                "externalId": "ext-9012",
                "externalUrl": "ext-url"
              },
              {
              "accountingEntryId": "0c76ea71-aaaa-4ece-bb68-e1166ccaea04",
              "status": "failed",
              "exportedAt": "2026-04-22T10:08:56Z",
              "failureReason": "Receipt corrupt",
              "failureReasonType": "receipt_conversion_failure",
              }
            ]
            """);

        answer.Status.ShouldBe(200);
        answer.Errors.ShouldBeEmpty();
        answer.Column("accountingEntryId").ShouldBe(ids);
        answer.Column("exportJobId").ShouldAllBe(id => id == job);
        answer.Column("externalId").ShouldBe(["ext-1234", "ext-5678", "ext-9012", ""]);
        answer.Rows[0].Text("exportedAt").ShouldBe("2026-04-22T10:08:56Z");
        answer.Rows[3].IsNull("exportedAt").ShouldBeTrue();
        answer.Rows[3].Text("failureReasonType").ShouldBe("receipt_conversion_failure");
    }

    [Fact]
    public async Task Q4_items_of_a_pending_job_can_be_updated_and_the_job_stays_pending()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(1);
        var job = await client.JobAsync(entries);

        (await client.PutAsync(job, Item(entries[0], "successful"))).Rows.ShouldHaveSingleItem().Text("status").ShouldBe("successful");

        (await client.StatusAsync(job)).ShouldBe("pending");
    }

    [Fact]
    public async Task Q5_an_identical_repeat_is_answered_the_same_and_writes_nothing()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(2);
        var job = await client.StartedJobAsync(entries);
        object[] report = [Item(entries[0], "successful", "JE-1", "url", "2026-05-04T08:03:05Z"), Item(entries[1], "failed", failureReasonType: "vendor_unknown", failureReason: "No.")];
        var first = await client.PutAsync(job, report);
        var events = await tenant.CountEventsAsync();

        var second = await client.PutAsync(job, report);

        second.Text.ShouldBe(first.Text);
        (await tenant.CountEventsAsync()).ShouldBe(events);
    }

    [Fact]
    public async Task Q5_a_failed_item_may_succeed_because_a_retry_worked()
    {
        var (client, job, entries) = await RunningAsync(1);
        await client.PutAsync(job, Item(entries[0], "failed", failureReasonType: "accounting_system_timeout", failureReason: "Slow."));

        var answer = await client.PutAsync(job, Item(entries[0], "successful", "JE-1"));

        answer.Errors.ShouldBeEmpty();
        var item = answer.Rows.ShouldHaveSingleItem();
        (item.Text("status"), item.Text("externalId"), item.IsNull("failureReason"), item.IsNull("failureReasonType")).ShouldBe(("successful", "JE-1", true, true));
    }

    [Theory]
    [InlineData("failed", null)]
    [InlineData("pending", null)]
    [InlineData("in_progress", null)]
    [InlineData("abandoned", null)]
    [InlineData("successful", "JE-2")]
    public async Task Q5_a_successful_item_takes_nothing_else_and_the_request_goes_on(string status, string? externalId)
    {
        var (client, job, entries) = await RunningAsync(2);
        await client.PutAsync(job, Item(entries[0], "successful", "JE-1"));

        var answer = await client.PutAsync(job, Item(entries[0], status, externalId), Item(entries[1], "successful", "JE-3"));

        answer.Status.ShouldBe(200);
        var error = answer.Errors.ShouldHaveSingleItem();
        (error.GetProperty("accountingEntryId").GetGuid(), error.Text("type")).ShouldBe((entries[0], "EXPORT_ENTRY_STATUS_UPDATE_FAILED"));
        answer.Rows.ShouldHaveSingleItem().Text("externalId").ShouldBe("JE-3");
        (await client.GetItemAsync(job, entries[0])).Text("externalId").ShouldBe("JE-1");
    }

    [Fact]
    public async Task Q5_a_new_external_url_on_a_successful_item_is_refused()
    {
        var (client, job, entries) = await RunningAsync(1);
        await client.PutAsync(job, Item(entries[0], "successful", "JE-1", "https://erp/1"));

        (await client.PutAsync(job, Item(entries[0], "successful", "JE-1", "https://erp/2"))).Errors.ShouldHaveSingleItem().Text("type").ShouldBe("EXPORT_ENTRY_STATUS_UPDATE_FAILED");
    }

    [Theory]
    [InlineData("completed")]
    [InlineData("completed_with_errors")]
    public async Task Q6_items_without_a_result_are_abandoned_when_the_job_completes(string @event)
    {
        var (client, job, entries) = await RunningAsync(3);
        await client.PutAsync(job, Item(entries[0], "successful", "JE-1"), Item(entries[1], "in_progress"));

        (await client.EventAsync(job, @event)).Status.ShouldBe(202);

        (await client.GetAsync($"/v3/export-jobs/{job}/items")).Column("status").ShouldBe(["successful", "abandoned", "abandoned"]);
    }

    [Fact]
    public async Task Q7_final_items_of_a_failed_job_stay_and_the_others_are_abandoned_without_failure_fields()
    {
        var (client, job, entries) = await RunningAsync(4);
        await client.PutAsync(job, Item(entries[0], "successful", "JE-1"), Item(entries[1], "failed", failureReason: "No."), Item(entries[2], "in_progress"));

        await client.EventAsync(job, "failed", "validation_failure", "Stopped.");

        var items = await client.GetAsync($"/v3/export-jobs/{job}/items");
        items.Column("status").ShouldBe(["successful", "failed", "abandoned", "abandoned"]);
        items.Rows[1].Text("failureReason").ShouldBe("No.");
        items.Rows.Skip(2).ShouldAllBe(item => item.IsNull("failureReason") && item.IsNull("failureReasonType"));
    }

    [Fact]
    public async Task Q8_an_entry_the_company_has_but_the_job_has_not_does_not_exist_for_it()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(2);
        var job = await client.StartedJobAsync(entries[0]);

        var answer = await client.PutAsync(job, Item(entries[1], "successful"));

        answer.Errors.ShouldHaveSingleItem().Text("type").ShouldBe("ACCOUNTING_ENTRY_DOES_NOT_EXIST");
        answer.Rows.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("pending")]
    [InlineData("in_progress")]
    public async Task Q9_an_open_item_may_be_put_back_to_pending(string from)
    {
        var (client, job, entries) = await RunningAsync(1);
        await client.PutAsync(job, Item(entries[0], from));

        (await client.PutAsync(job, Item(entries[0], "pending"))).Rows.ShouldHaveSingleItem().Text("status").ShouldBe("pending");
    }

    [Fact]
    public async Task Q9_a_failed_item_cannot_be_put_back_to_pending()
    {
        var (client, job, entries) = await RunningAsync(1);
        await client.PutAsync(job, Item(entries[0], "failed"));

        (await client.PutAsync(job, Item(entries[0], "pending"))).Errors.ShouldHaveSingleItem().Text("type").ShouldBe("EXPORT_ENTRY_STATUS_UPDATE_FAILED");
    }

    [Fact]
    public async Task Q9_an_item_may_be_abandoned_by_the_client_for_good()
    {
        var (client, job, entries) = await RunningAsync(1);

        (await client.PutAsync(job, Item(entries[0], "abandoned"))).Rows.ShouldHaveSingleItem().Text("status").ShouldBe("abandoned");

        (await client.PutAsync(job, Item(entries[0], "successful"))).Errors.ShouldHaveSingleItem().Text("type").ShouldBe("EXPORT_ENTRY_STATUS_UPDATE_FAILED");
    }

    [Fact]
    public async Task Q12_a_failed_item_without_a_reason_stores_nulls()
    {
        var (client, job, entries) = await RunningAsync(1);

        var item = (await client.PutAsync(job, Item(entries[0], "failed"))).Rows.ShouldHaveSingleItem();

        (item.Text("status"), item.IsNull("failureReason"), item.IsNull("failureReasonType")).ShouldBe(("failed", true, true));
    }

    [Fact]
    public async Task Q17_an_update_that_changes_an_item_refreshes_the_job_and_one_that_changes_nothing_does_not()
    {
        var clock = new ManualClock(new(2026, 5, 4, 8, 0, 0, TimeSpan.Zero));
        await using var own = LedgerHost.WithClock(clock);
        var (client, tenant) = await JobsClient.NewAsync(own);
        var entries = await tenant.EntriesAsync(1);
        var job = await client.JobAsync(entries);

        clock.Advance(TimeSpan.FromMinutes(5));
        await client.PutAsync(job, Item(entries[0], "successful", "JE-1"));
        (await client.GetJobAsync(job)).Text("lastUpdatedAt").ShouldBe("2026-05-04T08:05:00Z");

        clock.Advance(TimeSpan.FromMinutes(5));
        await client.PutAsync(job, Item(entries[0], "successful", "JE-1"));
        await client.GetAsync($"/v3/export-items?job_id={job}");
        (await client.GetJobAsync(job)).Text("lastUpdatedAt").ShouldBe("2026-05-04T08:05:00Z");
    }

    [Fact]
    public async Task Q22_a_success_without_a_time_has_the_servers()
    {
        var clock = new ManualClock(new(2026, 5, 4, 8, 0, 0, TimeSpan.Zero));
        await using var own = LedgerHost.WithClock(clock);
        var (client, tenant) = await JobsClient.NewAsync(own);
        var entries = await tenant.EntriesAsync(1);
        var job = await client.JobAsync(entries);
        clock.Advance(TimeSpan.FromMinutes(7));

        (await client.PutAsync(job, Item(entries[0], "successful"))).Rows.ShouldHaveSingleItem().Text("exportedAt").ShouldBe("2026-05-04T08:07:00Z");

        (await client.GetItemAsync(job, entries[0])).Text("exportedAt").ShouldBe("2026-05-04T08:07:00Z");
    }

    [Theory]
    [InlineData("pending")]
    [InlineData("in_progress")]
    [InlineData("failed")]
    [InlineData("abandoned")]
    public async Task Q22_no_other_status_has_an_exported_at(string status)
    {
        var (client, job, entries) = await RunningAsync(1);

        (await client.PutAsync(job, Item(entries[0], status, exportedAt: "2026-05-04T08:03:05Z"))).Rows.ShouldHaveSingleItem().IsNull("exportedAt").ShouldBeTrue();
    }

    [Fact]
    public async Task Q23_the_same_entry_twice_is_applied_in_order_and_answered_once()
    {
        var (client, job, entries) = await RunningAsync(1);

        var answer = await client.PutAsync(job, Item(entries[0], "in_progress"), Item(entries[0], "failed", failureReason: "Once."), Item(entries[0], "successful", "JE-1"), Item(entries[0], "failed"));

        var item = answer.Rows.ShouldHaveSingleItem();
        (item.Text("status"), item.Text("externalId")).ShouldBe(("successful", "JE-1"));
        answer.Errors.ShouldHaveSingleItem().Text("type").ShouldBe("EXPORT_ENTRY_STATUS_UPDATE_FAILED");
    }

    [Fact]
    public async Task Q24_an_empty_array_is_200_with_two_empty_lists()
    {
        var (client, job, _) = await RunningAsync(1);

        (await client.PutAsync(job)).Text.ShouldBe("""{"data":[],"errors":[]}""");
    }

    [Fact]
    public async Task A_hundred_items_pass_and_a_hundred_and_one_are_413()
    {
        var (client, job, entries) = await RunningAsync(101);

        (await client.PutAsync(job, [.. entries.Take(100).Select(entry => Item(entry, "successful"))])).Rows.Count.ShouldBe(100);
        var refused = await client.PutAsync(job, [.. entries.Select(entry => Item(entry, "failed"))]);

        (refused.Status, refused.Type).ShouldBe((413, "EXPORT_JOB_ITEMS_UPDATE_LIMIT"));
        refused.Message.ShouldBe("At most 100 items per request; got 101.");
        (await client.GetAsync($"/v3/export-jobs/{job}/items?status=pending")).Rows.ShouldHaveSingleItem().GetProperty("accountingEntryId").GetGuid().ShouldBe(entries[100]);
    }

    [Theory]
    [InlineData("completed")]
    [InlineData("completed_with_errors")]
    [InlineData("failed")]
    public async Task Section_7_4_items_of_a_finished_job_are_422(string status)
    {
        var (client, job, entries) = await RunningAsync(1);
        await client.EventAsync(job, status);

        var answer = await client.PutAsync(job, Item(entries[0], "successful"));

        (answer.Status, answer.Type).ShouldBe((422, "EXPORT_JOB_STATUS_UNPROCESSABLE"));
        answer.Message.ShouldBe($"Job is already {status}.");
        (await client.GetItemAsync(job, entries[0])).Text("status").ShouldBe("abandoned");
    }

    [Fact]
    public async Task Q25_checks_come_in_order_malformed_then_unknown_job_then_size_then_finished()
    {
        var (client, job, entries) = await RunningAsync(1);
        await client.EventAsync(job, "completed");
        var unknown = Guid.NewGuid().ToString();
        object[] tooMany = [.. Enumerable.Range(0, 101).Select(_ => Item(entries[0], "successful"))];

        (await client.SendAsync(HttpMethod.Put, $"/v3/export-jobs/{unknown}/items", "[{]")).Status.ShouldBe(400);
        (await client.PutAsync(unknown, [.. tooMany, new { status = "successful" }])).Status.ShouldBe(400);
        (await client.PutAsync(unknown, tooMany)).Status.ShouldBe(404);
        (await client.PutAsync(job, tooMany)).Status.ShouldBe(413);
        (await client.PutAsync(job, Item(entries[0], "successful"))).Status.ShouldBe(422);
    }

    [Theory]
    [InlineData("""{"accountingEntryId":"not-a-uuid","status":"successful"}""")]
    [InlineData("""{"accountingEntryId":"ENTRY","status":"exported"}""")]
    [InlineData("""{"accountingEntryId":"ENTRY","status":"SUCCESSFUL"}""")]
    [InlineData("""{"accountingEntryId":"ENTRY"}""")]
    [InlineData("""{"status":"successful"}""")]
    [InlineData("""{"accountingEntryId":"ENTRY","status":"failed","failureReasonType":"something_new"}""")]
    [InlineData("""{"accountingEntryId":"ENTRY","status":"failed","failureReasonType":"job_expired"}""")]
    [InlineData("""{"accountingEntryId":"ENTRY","status":"successful","exportedAt":"2026-02-30T08:00:00Z"}""")]
    [InlineData("""{"accountingEntryId":"ENTRY","status":"successful","exportedAt":"yesterday"}""")]
    [InlineData("""{"accountingEntryId":"ENTRY","status":"successful","externalId":7}""")]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task Q26_one_malformed_element_is_400_for_the_whole_request(string element)
    {
        var (client, job, entries) = await RunningAsync(2);

        var answer = await client.SendAsync(HttpMethod.Put, $"/v3/export-jobs/{job}/items",
            $$"""[{"accountingEntryId":"{{entries[0]}}","status":"successful"},{{element.Replace("ENTRY", entries[1].ToString(), StringComparison.Ordinal)}}]""");

        (answer.Status, answer.Type).ShouldBe((400, "BAD_REQUEST"));
        (await client.GetItemAsync(job, entries[0])).Text("status").ShouldBe("pending");
    }

    [Theory]
    [MemberData(nameof(ItemFailureTypes))]
    public async Task Section_6_4_every_failure_type_of_an_item_is_accepted_and_shown(string type)
    {
        var (client, job, entries) = await RunningAsync(1);

        (await client.PutAsync(job, Item(entries[0], "failed", failureReasonType: type))).Rows.ShouldHaveSingleItem().Text("failureReasonType").ShouldBe(type);
    }

    public static TheoryData<string> ItemFailureTypes() =>
        [.. ExportJobsContract.Schemas.Named("ExportJobItemFailureReasonType").GetProperty("enum").EnumerateArray().Select(word => word.GetString()!)];

    [Fact]
    public async Task Optional_members_may_be_null_and_ids_in_upper_case()
    {
        var (client, job, entries) = await RunningAsync(1);

        var answer = await client.SendAsync(HttpMethod.Put, $"/v3/export-jobs/{job.ToUpperInvariant()}/items",
            $$"""[{"accountingEntryId":"{{entries[0].ToString().ToUpperInvariant()}}","status":"successful","externalId":null,"externalUrl":null,"exportedAt":null,"failureReasonType":null,"failureReason":null}]""");

        answer.Rows.ShouldHaveSingleItem().Text("accountingEntryId").ShouldBe(entries[0].ToString());
        answer.Rows[0].Text("exportJobId").ShouldBe(job);
    }

    [Fact]
    public async Task Texts_come_back_as_they_were_sent()
    {
        var (client, job, entries) = await RunningAsync(1);
        const string odd = "'; drop table ledger.jobs; -- \"<b>\" \\ \n ÆØÅ 😀";

        await client.PutAsync(job, Item(entries[0], "successful", odd, odd));

        var item = await client.GetItemAsync(job, entries[0]);
        (item.Text("externalId"), item.Text("externalUrl")).ShouldBe((odd, odd));
    }

    [Fact]
    public async Task Two_reports_on_the_same_items_at_once_leave_one_result_and_one_event_each()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(20);
        var job = await client.StartedJobAsync(entries);
        var before = await tenant.CountEventsAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => client.PutAsync(job, [.. entries.Select(entry => Item(entry, "successful", "JE-1"))])));

        answers.ShouldAllBe(answer => answer.Status == 200 && answer.Errors.Count == 0 && answer.Rows.Count == 20);
        (await tenant.CountEventsAsync() - before).ShouldBe(20);
        JsonElement.DeepEquals(answers[0].Data, answers[3].Data).ShouldBeTrue();
    }

    private async Task<(JobsClient Client, string Job, Guid[] Entries)> RunningAsync(int items)
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(items);
        return (client, await client.StartedJobAsync(entries), entries);
    }
}
