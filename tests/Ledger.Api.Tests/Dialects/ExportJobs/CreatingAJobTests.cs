using Ledger.Api.Tests.Hosting;
using Ledger.Domain.Records;

namespace Ledger.Api.Tests.Dialects.ExportJobs;

public sealed class CreatingAJobTests(LedgerHost host)
{
    private static readonly Guid Employee = Guid.Parse("c2b7e6d0-41fa-4a93-b8de-0f1a2c3d4e5f");

    [Fact]
    public async Task Example_4_2_a_new_job_is_pending_with_all_its_fields()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(3);

        var answer = await client.PostAsync("/v3/export-jobs", new
        {
            companyId = client.CompanyId,
            accountingEntryIds = entries,
            employeeId = Employee,
            isInteractive = true,
            options = new { vendorBasedBookkeeping = true },
        });

        answer.Status.ShouldBe(201);
        var job = answer.Data;
        job.Text("companyId").ShouldBe(client.CompanyId);
        job.Text("status").ShouldBe("pending");
        job.GetProperty("createdBy").GetGuid().ShouldBe(Employee);
        job.GetProperty("isInteractive").GetBoolean().ShouldBeTrue();
        job.GetProperty("numberOfItems").GetInt32().ShouldBe(3);
        job.GetProperty("vendorBasedBookkeeping").GetBoolean().ShouldBeTrue();
        foreach (var name in new[] { "startedAt", "completedAt", "expiredAt", "failureReason", "failureReasonType" }) job.IsNull(name).ShouldBeTrue(name);
    }

    [Fact]
    public async Task Q17_last_updated_at_is_created_at_in_the_beginning()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);

        var job = await client.GetJobAsync(await client.JobAsync(await tenant.EntriesAsync(1)));

        job.Text("lastUpdatedAt").ShouldBe(job.Text("createdAt"));
    }

    [Fact]
    public async Task Q19_expires_in_is_an_hour() =>
        (await (await NewJobAsync()).Client.GetAsync("/v3/export-jobs")).Rows.ShouldHaveSingleItem().GetProperty("expiresIn").GetInt32().ShouldBe(3600);

    [Fact]
    public async Task Optional_members_have_the_defaults_of_the_contract_absent_or_null()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(1);

        var answer = await client.PostAsync("/v3/export-jobs", $$"""{"companyId":"{{client.CompanyId}}","accountingEntryIds":["{{entries[0]}}"],"employeeId":null,"isInteractive":null,"options":null,"unknown":1}""");

        answer.Status.ShouldBe(201);
        answer.Data.IsNull("createdBy").ShouldBeTrue();
        answer.Data.GetProperty("isInteractive").GetBoolean().ShouldBeTrue();
        answer.Data.GetProperty("vendorBasedBookkeeping").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Section_7_3_all_items_are_pending_at_creation()
    {
        var (client, job) = await NewJobAsync();

        (await client.GetAsync($"/v3/export-jobs/{job}/items")).Column("status").ShouldBe(["pending", "pending"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Q33_a_pending_or_running_job_of_the_company_makes_another_one_409(bool started)
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(2);
        if (started) await client.StartedJobAsync(entries[0]);
        else await client.JobAsync(entries[0]);

        var second = await client.CreateAsync(entries[1]);

        (second.Status, second.Type).ShouldBe((409, "EXPORT_ALREADY_IN_PROGRESS"));
        (await client.GetAsync("/v3/export-jobs")).Rows.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_new_job_can_be_made_once_the_last_one_has_ended()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(1);
        await client.EventAsync(await client.StartedJobAsync(entries), "failed");

        (await client.CreateAsync(entries)).Status.ShouldBe(201);
    }

    [Fact]
    public async Task Two_clients_creating_at_once_make_one_job()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(8);

        var answers = await Task.WhenAll(entries.Select(entry => client.CreateAsync(entry)));

        answers.Count(answer => answer.Status == 201).ShouldBe(1);
        answers.Count(answer => answer.Type409()).ShouldBe(7);
    }

    [Fact]
    public async Task Q15_an_empty_list_is_400()
    {
        var (client, _) = await JobsClient.NewAsync(host);

        (await client.CreateAsync()).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Q15_an_unknown_entry_is_400_and_makes_no_job()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(1);

        var answer = await client.CreateAsync(entries[0], Guid.NewGuid());

        (answer.Status, answer.Type).ShouldBe((400, "BAD_REQUEST"));
        answer.Message.ShouldContain("/accountingEntryIds/1");
        (await client.GetAsync("/v3/export-jobs")).Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task Q15_an_entry_that_is_not_ready_is_400()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var registered = await tenant.RegisterAsync(ARecord.Named("draft", Stage.Review));

        (await client.CreateAsync(registered[0].Uuid)).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Q15_a_repeated_entry_counts_once()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(2);

        var answer = await client.PostAsync("/v3/export-jobs", new { companyId = client.CompanyId, accountingEntryIds = new[] { entries[0].ToString(), entries[1].ToString(), entries[0].ToString().ToUpperInvariant() } });

        answer.Data.GetProperty("numberOfItems").GetInt32().ShouldBe(2);
        (await client.GetAsync($"/v3/export-jobs/{answer.Data.Text("id")}/items")).Rows.Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_entry_exported_before_can_be_exported_again()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(1);
        var first = await client.StartedJobAsync(entries);
        await client.PutAsync(first, JobsClient.Item(entries[0], "successful", "JE-1"));
        await client.EventAsync(first, "completed");

        var second = await client.JobAsync(entries);

        (await client.GetItemAsync(second, entries[0])).Text("status").ShouldBe("pending");
        (await client.GetItemAsync(first, entries[0])).Text("externalId").ShouldBe("JE-1");
    }

    [Fact]
    public async Task Missing_contra_accounts_are_400_with_the_currencies()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var unmapped = await tenant.RegisterAsync(Unmapped("a", "card_purchase", "EUR"), Unmapped("b", "fee", "SEK"), ARecord.Named("c"));

        var answer = await client.CreateAsync(unmapped.Select(record => record.Uuid));

        (answer.Status, answer.Type).ShouldBe((400, "MISSING_CONTRA_ACCOUNTS"));
        answer.Message.ShouldEndWith("EUR, SEK.");
        (await client.GetAsync("/v3/export-jobs")).Rows.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("invoice", null)]
    [InlineData("out_of_pocket", null)]
    [InlineData("card_purchase", "1361")]
    public async Task No_contra_account_is_missing_where_none_is_needed_or_the_record_has_one(string type, string? contraAccount)
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var registered = await tenant.RegisterAsync(Unmapped("a", type, "EUR", contraAccount));

        (await client.CreateAsync(registered[0].Uuid)).Status.ShouldBe(201);
    }

    [Fact]
    public async Task Another_company_than_the_credentials_is_403()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(1);

        var answer = await client.PostAsync("/v3/export-jobs", new { companyId = Guid.NewGuid(), accountingEntryIds = entries });

        (answer.Status, answer.Type).ShouldBe((403, "FORBIDDEN"));
    }

    [Fact]
    public async Task A_job_holds_ten_thousand_entries_and_no_more()
    {
        var (client, _) = await JobsClient.NewAsync(host);

        var answer = await client.CreateAsync(Enumerable.Range(0, 10_001).Select(_ => Guid.NewGuid()));

        answer.Status.ShouldBe(400);
        answer.Message.ShouldContain("10000");
    }

    [Fact]
    public async Task The_system_of_a_job_is_the_one_configured_for_the_client()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(1);
        var elsewhere = new JobsClient(await tenant.SignInAsync(Ledger.Clients.LedgerScopes.All, "other-erp"), tenant.Id);
        await client.EventAsync(await ExportedAsync(client, entries[0]), "completed");

        var other = await elsewhere.JobAsync(entries);

        (await elsewhere.GetItemAsync(other, entries[0])).Text("status").ShouldBe("pending");
    }

    private static async Task<string> ExportedAsync(JobsClient client, Guid entry)
    {
        var job = await client.StartedJobAsync(entry);
        await client.PutAsync(job, JobsClient.Item(entry, "successful"));
        return job;
    }

    private static Ledger.Api.Commands.IncomingRecord Unmapped(string id, string type, string currency, string? contraAccount = null)
    {
        var record = ARecord.Named(id, currency: currency, facets: new { export_jobs = new { type, contraAccount = (object?)null } });
        return record with { Content = record.Content with { ContraAccount = contraAccount } };
    }

    private async Task<(JobsClient Client, string Job)> NewJobAsync()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        return (client, await client.JobAsync(await tenant.EntriesAsync(2)));
    }
}

internal static class Conflicts
{
    public static bool Type409(this Answer answer) => answer.Status == 409 && answer.Type == "EXPORT_ALREADY_IN_PROGRESS";
}
